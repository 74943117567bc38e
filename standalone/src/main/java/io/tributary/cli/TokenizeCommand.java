package io.tributary.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.tributary.proto.gateway.v1.DetokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeRequest;
import io.tributary.proto.gateway.v1.TokenizeResponse;
import io.tributary.tokenizers.Tokenizer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `tributary tokenize`: the ids that a model sees for a text, or the text behind ids. */
@Command(
        name = "tokenize",
        description = "Prints the token ids of a text with what each stands for, or with --ids the text of ids.")
final class TokenizeCommand implements Callable<Integer> {
    private static final int LONGEST_TEXT = 16 << 20;
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    @Mixin
    ModelOrGateway computing = new ModelOrGateway();

    @Option(names = "--ids", paramLabel = "ID", split = ",", description = "Print the text of these ids instead.")
    int @Nullable [] ids;

    @Option(
            names = "--special",
            description = "Put in front what the model expects around a text, and show special tokens as text.")
    boolean special;

    @Option(names = "--json", description = "One JSON object.")
    boolean json;

    @Parameters(paramLabel = "TEXT", arity = "0..1", description = "The text; default: what standard input has.")
    @Nullable
    String text;

    @Override
    public Integer call() {
        Optional<Path> local = computing.localModel();
        if (local.isEmpty()) {
            return computing.run(this::ask);
        }
        try (Tokenizer tokenizer = Tokenizer.open(local.get(), LONGEST_TEXT)) {
            if (ids != null) {
                printText(tokenizer.decode(ids, !special));
            } else {
                printTokens(encoded(tokenizer));
            }
        }
        return 0;
    }

    private TokenizeResponse encoded(Tokenizer tokenizer) {
        TokenizeResponse.Builder tokens = TokenizeResponse.newBuilder();
        for (int id : tokenizer.encode(input(), special)) {
            tokens.addIds(id).addPieces(ByteString.copyFrom(tokenizer.piece(id)));
        }
        return tokens.build();
    }

    private int ask(GatewayCalls gateway) {
        if (ids != null) {
            DetokenizeRequest request = DetokenizeRequest.newBuilder()
                    .addAllIds(Arrays.stream(ids).boxed().toList())
                    .setSkipSpecialTokens(!special)
                    .build();
            printText(gateway.detokenize(request).await().atMost(DEADLINE).getText());
        } else {
            TokenizeRequest request = TokenizeRequest.newBuilder()
                    .setText(input())
                    .setAddSpecialTokens(special)
                    .build();
            printTokens(gateway.tokenize(request).await().atMost(DEADLINE));
        }
        return 0;
    }

    private String input() {
        if (text != null) {
            return text;
        }
        try {
            byte[] bytes = System.in.readNBytes(LONGEST_TEXT + 1);
            if (bytes.length > LONGEST_TEXT) {
                throw new WrongUsageException("the text has more than %d bytes".formatted(LONGEST_TEXT));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException("standard input cannot be read", failure);
        }
    }

    private void printText(String decoded) {
        PrintStream out = StandardOutput.text();
        out.println(json ? new ObjectMapper().createObjectNode().put("text", decoded) : decoded);
        out.flush();
    }

    private void printTokens(TokenizeResponse tokens) {
        PrintStream out = StandardOutput.text();
        if (json) {
            out.println(object(tokens));
        } else {
            for (int index = 0; index < tokens.getIdsCount(); index++) {
                out.printf("%d\t%s%n", tokens.getIds(index), visible(tokens.getPieces(index)));
            }
        }
        out.flush();
    }

    private static ObjectNode object(TokenizeResponse tokens) {
        ObjectNode object = new ObjectMapper().createObjectNode();
        var ids = object.putArray("ids");
        tokens.getIdsList().forEach(ids::add);
        var pieces = object.putArray("pieces");
        tokens.getPiecesList().forEach(piece -> pieces.add(piece.toStringUtf8()));
        return object;
    }

    /** A token's text with quotation marks; bytes that are no character of their own appear as `\xNN`. */
    private static String visible(ByteString piece) {
        if (piece.isValidUtf8()) {
            return "\"" + piece.toStringUtf8().replace("\n", "\\n").replace("\t", "\\t") + "\"";
        }
        StringBuilder hexadecimal = new StringBuilder();
        for (byte value : piece) {
            hexadecimal.append("\\x%02x".formatted(value));
        }
        return hexadecimal.toString();
    }
}
