package io.tributary.router;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.tributary.proto.router.v1.ExpertResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a shard in one message, and what its answer must be like.
 *
 * @param mostBytes of rows in a message; a single portion may have more
 * @param rowBytes bytes of a row
 */
record WorkMessages(int mostBytes, int rowBytes) {

    /** Cuts portions into messages: one a layer, or several where one would be too long. */
    List<List<Portion>> cut(List<Portion> portions, boolean oneExpertAMessage) {
        Map<Integer, List<Portion>> byLayer = new LinkedHashMap<>();
        portions.forEach(portion ->
                byLayer.computeIfAbsent(portion.layer(), _ -> new ArrayList<>()).add(portion));
        List<List<Portion>> messages = new ArrayList<>();
        for (List<Portion> ofLayer : byLayer.values()) {
            List<Portion> message = new ArrayList<>();
            long bytes = 0;
            for (Portion portion : ofLayer) {
                int added = portion.input().size();
                if (!message.isEmpty() && (oneExpertAMessage || bytes + added > mostBytes)) {
                    messages.add(message);
                    message = new ArrayList<>();
                    bytes = 0;
                }
                message.add(portion);
                bytes += added;
            }
            messages.add(message);
        }
        return messages;
    }

    /** Why an answer is none; null if it is one. */
    @Nullable
    Status problem(ShardWork work, ExpertResult result) {
        if (result.hasError() && result.getError().getCode() != Code.OK.getNumber()) {
            return result.getError();
        }
        if (result.getOutputsCount() != work.portions().size()) {
            return Problems.of(
                    Code.INTERNAL,
                    "it has answered %d matrices where %d were asked for"
                            .formatted(result.getOutputsCount(), work.portions().size()));
        }
        for (int index = 0; index < result.getOutputsCount(); index++) {
            int expected = work.portions().get(index).rows() * rowBytes;
            if (result.getOutputs(index).size() != expected) {
                return Problems.of(
                        Code.INTERNAL,
                        "it has answered %d bytes where %d were asked for"
                                .formatted(result.getOutputs(index).size(), expected));
            }
        }
        return null;
    }
}
