package io.tributary.gateway;

import com.google.protobuf.ByteString;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.tributary.proto.gateway.v1.ChatPrompt;
import io.tributary.proto.tokenizer.v1.ApplyChatTemplateResponse;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyRequest;
import io.tributary.proto.tokenizer.v1.DecodeIncrementallyResponse;
import io.tributary.proto.tokenizer.v1.DecodeRequest;
import io.tributary.proto.tokenizer.v1.DecodeResponse;
import io.tributary.proto.tokenizer.v1.DescribeTokenizerRequest;
import io.tributary.proto.tokenizer.v1.DescribeTokenizerResponse;
import io.tributary.proto.tokenizer.v1.EncodeRequest;
import io.tributary.proto.tokenizer.v1.EncodeResponse;
import io.tributary.proto.tokenizer.v1.TokenizerService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What one client's call asks the tokenizer, with a deadline.
 *
 * @param tokenizer the service
 * @param inCall subscribes as a part of the client's call
 * @param timeout how long an answer may take
 */
record TokenizerCalls(TokenizerService tokenizer, Executor inCall, Duration timeout) {
    /** Ids whose bytes are asked for in one message, so that messages stay small. */
    private static final int IDS_PER_MESSAGE = 1024;

    /** The ids of a text, in which special tokens are plain text. */
    Uni<List<Integer>> encode(String text, boolean addSpecialTokens) {
        return asked(tokenizer
                .encode(EncodeRequest.newBuilder()
                        .setText(text)
                        .setAddSpecialTokens(addSpecialTokens)
                        .build())
                .map(EncodeResponse::getIdsList));
    }

    /** A conversation up to where the assistant's answer begins. */
    Uni<ApplyChatTemplateResponse> render(ChatPrompt chat) {
        return asked(tokenizer.applyChatTemplate(ChatRendering.of(chat)));
    }

    /** The text of ids. */
    Uni<String> decode(List<Integer> ids, boolean skipSpecialTokens) {
        return asked(tokenizer
                .decode(DecodeRequest.newBuilder()
                        .addAllIds(ids)
                        .setSkipSpecialTokens(skipSpecialTokens)
                        .build())
                .map(DecodeResponse::getText));
    }

    /** The bytes of each of these tokens, in order. */
    Uni<List<ByteString>> pieces(List<Integer> ids) {
        List<DecodeIncrementallyRequest> requests = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += IDS_PER_MESSAGE) {
            requests.add(DecodeIncrementallyRequest.newBuilder()
                    .addAllAlternativeIds(ids.subList(from, Math.min(ids.size(), from + IDS_PER_MESSAGE)))
                    .build());
        }
        return asked(tokenizer
                .decodeIncrementally(Multi.createFrom().iterable(requests))
                .onItem()
                .transformToIterable(DecodeIncrementallyResponse::getAlternativePiecesList)
                .collect()
                .asList());
    }

    /** What the tokenizer is. */
    Uni<DescribeTokenizerResponse> describe() {
        return asked(tokenizer.describeTokenizer(DescribeTokenizerRequest.getDefaultInstance()));
    }

    private <T> Uni<T> asked(Uni<T> answer) {
        return answer.runSubscriptionOn(inCall).ifNoItem().after(timeout).fail();
    }
}
