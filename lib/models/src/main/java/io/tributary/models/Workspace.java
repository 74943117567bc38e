package io.tributary.models;

import io.tributary.kernels.AttentionTile;
import io.tributary.kernels.FloatMatrix;
import io.tributary.kernels.KeyValueType;
import io.tributary.kernels.WorkPool;
import io.tributary.models.architecture.RotaryPosition;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The scratch memory that the blocks of a stage share: they run one after the other. */
final class Workspace {
    private final Arena arena;
    private final WorkPool pool;
    private final int maximalRows;
    private final KeyValueType keyValueType;
    private final RowPlan plan;
    private final RowBuffer residual;
    private final RowBuffer normalized;
    private final RowBuffer summand;
    private final List<RotaryTable> rotaryTables = new ArrayList<>();
    private final Map<String, RowBuffer> buffers = new ConcurrentHashMap<>();
    private final AttentionTile[] tiles;
    private long tileBytes;
    private RoutingObserver observer = RoutingObserver.NONE;

    Workspace(Arena arena, WorkPool pool, int maximalRows, int width, KeyValueType keyValueType) {
        this.arena = arena;
        this.pool = pool;
        this.maximalRows = maximalRows;
        this.keyValueType = keyValueType;
        this.plan = new RowPlan(maximalRows);
        this.tiles = new AttentionTile[pool.threads()];
        this.residual = new RowBuffer(arena, maximalRows, width);
        this.normalized = new RowBuffer(arena, maximalRows, width);
        this.summand = new RowBuffer(arena, maximalRows, width);
    }

    WorkPool pool() {
        return pool;
    }

    /** Rows of a batch at most. */
    int maximalRows() {
        return maximalRows;
    }

    /** How the sequences' keys and values are stored. */
    KeyValueType keyValueType() {
        return keyValueType;
    }

    RowPlan plan() {
        return plan;
    }

    /** The residual stream [rows, width]. */
    RowBuffer residual() {
        return residual;
    }

    /** What a block reads [rows, width]. */
    RowBuffer normalized() {
        return normalized;
    }

    /** What a block writes, to be added to the residual stream [rows, width]. */
    RowBuffer summand() {
        return summand;
    }

    /** Who is told which experts are chosen. */
    RoutingObserver observer() {
        return observer;
    }

    void observe(RoutingObserver newObserver) {
        observer = newObserver;
    }

    List<RotaryTable> rotaryTables() {
        return rotaryTables;
    }

    /** The buffer of a purpose, one for all blocks that want the same number of columns for it. */
    RowBuffer buffer(String purpose, int columns) {
        return buffers.computeIfAbsent(purpose + columns, unseen -> new RowBuffer(arena, maximalRows, columns));
    }

    /** The table of a rotary position, one for all blocks that rotate alike. */
    RotaryTable rotaryTable(RotaryPosition position) {
        for (RotaryTable table : rotaryTables) {
            if (table.position().equals(position)) {
                return table;
            }
        }
        RotaryTable table = new RotaryTable(position, rotaryTables.size(), plan, arena, maximalRows);
        rotaryTables.add(table);
        return table;
    }

    /** Makes every worker's tile have at least so much scratch memory; called while blocks are made. */
    void requireTileScratch(long bytes) {
        if (tileBytes < bytes) {
            tileBytes = bytes;
            for (int worker = 0; worker < tiles.length; worker++) {
                tiles[worker] = new AttentionTile(arena.allocate(bytes, FloatMatrix.ALIGNMENT));
            }
        }
    }

    AttentionTile tile(int worker) {
        return tiles[worker];
    }
}
