import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.tributary.proto.gateway.v1.GatewayServiceGrpc;
import io.tributary.proto.gateway.v1.GenerateRequest;
import io.tributary.proto.gateway.v1.GenerateResponse;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * Continues a prompt and prints the tokens as they come.
 *
 * <p>{@code java -cp 'standalone/target/quarkus-app/lib/main/*' docs/examples/Generate.java 127.0.0.1:9000 "In the beginning"}
 */
public final class Generate {
    public static void main(String[] arguments) {
        ManagedChannel channel =
                ManagedChannelBuilder.forTarget(arguments[0]).usePlaintext().build();
        try {
            Iterator<GenerateResponse> responses = GatewayServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(60, TimeUnit.SECONDS)
                    .generate(GenerateRequest.newBuilder()
                            .setPrompt(arguments[1])
                            .setMaxTokens(16)
                            .build());
            while (responses.hasNext()) {
                GenerateResponse response = responses.next();
                switch (response.getEventCase()) {
                    case TOKEN -> System.out.print(response.getToken().getText());
                    case FINISHED -> System.out.println(response.getFinished().getText());
                    default -> {}
                }
            }
        } finally {
            channel.shutdownNow();
        }
    }
}
