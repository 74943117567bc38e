import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.tributary.proto.gateway.v1.ChatMessage;
import io.tributary.proto.gateway.v1.ChatRequest;
import io.tributary.proto.gateway.v1.ChatResponse;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.Turn;
import java.util.concurrent.TimeUnit;

/**
 * A conversation: each argument behind the address is a turn; the last one edits the one before it.
 *
 * <p>{@code java -cp 'standalone/target/quarkus-app/lib/main/*' docs/examples/Chat.java 127.0.0.1:9000 "Hello" "And then?"}
 */
public final class Chat {
    private final BlockingClientCall<ChatRequest, ChatResponse> call;

    private Chat(ManagedChannel channel) {
        call = GatewayServiceGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(120, TimeUnit.SECONDS)
                .chat();
    }

    public static void main(String[] arguments) throws InterruptedException, StatusException {
        ManagedChannel channel =
                ManagedChannelBuilder.forTarget(arguments[0]).usePlaintext().build();
        try {
            Chat chat = new Chat(channel);
            int last = arguments.length - 1;
            for (int turn = 1; turn <= last; turn++) {
                chat.ask(turnOf(arguments[turn]));
            }
            // The last message again, in other words: behind the turn before it.
            chat.ask(turnOf(arguments[last] + " Say it in other words.").setAfterTurn(last - 1));
            chat.call.halfClose();
        } finally {
            channel.shutdownNow();
        }
    }

    private static Turn.Builder turnOf(String text) {
        return Turn.newBuilder()
                .addMessages(ChatMessage.newBuilder().setRole("user").setContent(text))
                .setMaxTokens(8);
    }

    private void ask(Turn.Builder turn) throws InterruptedException, StatusException {
        call.write(ChatRequest.newBuilder().setTurn(turn).build());
        for (ChatResponse response = call.read(); response != null; response = call.read()) {
            switch (response.getEventCase()) {
                case STARTED ->
                    System.out.printf(
                            "turn %d (%d of %d positions reused):",
                            response.getStarted().getTurn(),
                            response.getStarted().getReusedTokens(),
                            response.getStarted().getPromptTokens());
                case TOKEN -> System.out.print(response.getToken().getText());
                case FINISHED -> {
                    System.out.println(response.getFinished().getText());
                    return;
                }
                default -> {}
            }
        }
    }
}
