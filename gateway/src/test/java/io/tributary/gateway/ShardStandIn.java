package io.tributary.gateway;

import com.google.protobuf.ByteString;
import io.tributary.log.ActivationLog;
import io.tributary.log.LogReader;
import io.tributary.log.LogRecord;
import io.tributary.log.LogWriter;
import io.tributary.log.Topic;
import io.tributary.log.Topics;
import io.tributary.proto.log.v1.FinishReason;
import io.tributary.proto.log.v1.LaneRecord;
import io.tributary.proto.log.v1.LaneStatus;
import io.tributary.proto.log.v1.LayerRouting;
import io.tributary.proto.log.v1.OpenSession;
import io.tributary.proto.log.v1.PromptEmbedding;
import io.tributary.proto.log.v1.PromptRouting;
import io.tributary.proto.log.v1.PromptScores;
import io.tributary.proto.log.v1.SampledToken;
import io.tributary.proto.log.v1.TokenRecord;
import io.tributary.proto.log.v1.TokenScore;
import io.tributary.proto.log.v1.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Stands in for a decoder of one stage: answers a conversation with its last message in capitals, and keeps what the gateway
 * wrote. A message that begins with a question mark gets two tokens and no end.
 */
final class ShardStandIn {
    static final Topic<LaneRecord> STAGE_0 = Topics.stage(TokenizerStandIn.MODEL, 0);
    static final Topic<TokenRecord> TOKENS = Topics.tokens(TokenizerStandIn.MODEL);

    private static final Duration POLL = Duration.ofMillis(20);
    private static final long DEADLINE_SECONDS = 30;

    private static final class Session {
        private final List<Integer> ids = new ArrayList<>();
        private final OpenSession opening;
        private int promptLength;
        private int maxTokens;

        Session(OpenSession opening) {
            this.opening = opening;
            this.promptLength = opening.getPromptLength();
            this.maxTokens = opening.getMaxTokens();
        }
    }

    private final LogReader<LaneRecord> reader;
    private final LogWriter<TokenRecord> tokens;
    private final int lanes;
    private final Map<String, Session> sessions = new HashMap<>();
    private final List<LaneRecord> written = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean stopping;

    ShardStandIn(ActivationLog log) {
        log.createTopics(List.of(STAGE_0, TOKENS));
        this.reader = log.followFromEnd(STAGE_0);
        this.tokens = log.writer(TOKENS);
        this.lanes = log.lanes();
        report();
        this.thread = Thread.ofVirtual().start(this::run);
    }

    /** What the gateway wrote to stage 0, of one session. */
    List<LaneRecord> writtenOf(String session) {
        return written.stream()
                .filter(laneRecord -> laneRecord.getSessionId().equals(session))
                .toList();
    }

    /** Waits until the gateway has written such a record of a session. */
    void awaitWritten(String session, Predicate<LaneRecord> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (writtenOf(session).stream().noneMatch(wanted)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the gateway wrote only " + writtenOf(session));
            }
            Thread.sleep(POLL);
        }
    }

    private void run() {
        try (reader) {
            while (!stopping) {
                for (LogRecord<LaneRecord> read : reader.poll(POLL)) {
                    written.add(read.value());
                    take(read.lane(), read.value());
                }
            }
        }
    }

    private void report() {
        for (int lane = 0; lane < lanes; lane++) {
            TokenRecord status = TokenRecord.newBuilder()
                    .setWriter(Writer.newBuilder().setEpoch(1))
                    .setLaneStatus(LaneStatus.newBuilder()
                            .setShardId("shard")
                            .setAcceptsSessions(true)
                            .setFreeSessions(1000)
                            .setFreePositions(1 << 20)
                            .setRetainedBytesLimit(1))
                    .build();
            tokens.append(lane, status, "", Map.of());
        }
    }

    private void take(int lane, LaneRecord laneRecord) {
        String id = laneRecord.getSessionId();
        if (laneRecord.hasOpen()) {
            sessions.put(id, new Session(laneRecord.getOpen()));
        } else if (laneRecord.hasContinue() && sessions.containsKey(id)) {
            Session session = sessions.get(id);
            session.promptLength = laneRecord.getContinue().getPromptLength();
            session.maxTokens = laneRecord.getContinue().getMaxTokens();
        } else if (laneRecord.hasActivation() && sessions.containsKey(id)) {
            Session session = sessions.get(id);
            int first = laneRecord.getActivation().getFirstPosition();
            if (first != session.ids.size()) {
                throw new AssertionError("position " + first + " came for " + session.ids.size());
            }
            session.ids.addAll(laneRecord.getActivation().getTokenIdsList());
            if (session.ids.size() == session.promptLength) {
                report(lane, id, session);
                answer(lane, id, session);
            }
        } else if (laneRecord.hasClose()) {
            sessions.remove(id);
        }
    }

    /** Twice, as a shard would that takes over. */
    private void report(int lane, String id, Session session) {
        PromptScores.Builder scores = PromptScores.newBuilder().setFirstPosition(1);
        for (int token : session.ids.subList(1, session.ids.size())) {
            scores.addScores(TokenScore.newBuilder().setTokenId(token).setLogprob(-token));
        }
        ByteBuffer embedding = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        embedding.putFloat(3 * session.ids.getFirst()).putFloat(4 * session.ids.getFirst());
        for (int time = 0; time < 2; time++) {
            if (session.opening.getScoresPrompt()) {
                append(lane, id, TokenRecord.newBuilder().setPromptScores(scores));
            }
            if (session.opening.getReportsRouting()) {
                reportRouting(lane, id, session.ids.size() - 1);
            }
            if (session.opening.getEmbedsPrompt()) {
                append(
                        lane,
                        id,
                        TokenRecord.newBuilder()
                                .setPromptEmbedding(PromptEmbedding.newBuilder()
                                        .setEmbedding(ByteString.copyFrom(embedding.array()))));
            }
        }
    }

    /** Says that each position got the expert of its number, with a weight of its number. */
    static LayerRouting routing(int first, int end) {
        LayerRouting.Builder layer = LayerRouting.newBuilder();
        IntStream.range(first, end)
                .forEach(position -> layer.addCounts(1).addExperts(position).addWeights(position));
        return layer.build();
    }

    /** In parts of two positions, and as a shard would that takes over, which cuts them elsewhere. */
    private void reportRouting(int lane, String id, int positions) {
        for (int begin = 0; begin < 2; begin++) {
            for (int first = begin; first < positions; first += 2) {
                append(
                        lane,
                        id,
                        TokenRecord.newBuilder()
                                .setPromptRouting(PromptRouting.newBuilder()
                                        .setFirstPosition(first)
                                        .addLayers(routing(first, Math.min(positions, first + 2)))));
            }
        }
    }

    private void answer(int lane, String id, Session session) {
        List<Integer> prompt = List.copyOf(session.ids);
        List<Integer> ids = prompt.subList(0, prompt.size() - 1);
        int begin = ids.lastIndexOf(TokenizerStandIn.BEGIN) + 1;
        List<Integer> answer = new ArrayList<>();
        ids.subList(begin, Math.max(begin, ids.size() - 1)).forEach(token -> answer.add(Character.toUpperCase(token)));
        answer.add(TokenizerStandIn.END);
        boolean endless = answer.getFirst() == '?';
        int length = Math.min(session.maxTokens, endless ? 2 : answer.size());
        for (int index = 0; index < length; index++) {
            SampledToken.Builder token = SampledToken.newBuilder()
                    .setPosition(session.promptLength + index)
                    .setTokenId(answer.get(index));
            if (session.opening.getReportsRouting()) {
                token.addRouting(routing(token.getPosition() - 1, token.getPosition()));
            }
            if (answer.get(index) == TokenizerStandIn.END) {
                token.setFinishReason(FinishReason.FINISH_REASON_END_OF_TEXT);
            } else if (index + 1 == session.maxTokens) {
                token.setFinishReason(FinishReason.FINISH_REASON_LENGTH);
            }
            append(lane, id, TokenRecord.newBuilder().setToken(token));
        }
        session.ids.addAll(answer.subList(0, length - 1));
    }

    private void append(int lane, String id, TokenRecord.Builder tokenRecord) {
        tokens.append(lane, tokenRecord.setSessionId(id).build(), id, Map.of());
    }

    void close() throws InterruptedException {
        stopping = true;
        thread.join(Duration.ofSeconds(DEADLINE_SECONDS));
    }
}
