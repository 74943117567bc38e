package io.tributary.gateway;

import io.quarkus.grpc.GrpcClient;
import io.quarkus.grpc.GrpcService;
import io.tributary.proto.decoder.v1.DecoderService;
import io.tributary.proto.tokenizer.v1.TokenizerService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;

/** The services that the gateway calls: beans of the same JVM where there are any, otherwise gRPC clients. */
@ApplicationScoped
public class MeshServices {
    private final TokenizerService tokenizer;
    private final DecoderService decoder;

    @Inject
    MeshServices(
            @GrpcService Instance<TokenizerService> localTokenizer,
            @GrpcClient("tokenizer") TokenizerService remoteTokenizer,
            @GrpcService Instance<DecoderService> localDecoder,
            @GrpcClient("decoder") DecoderService remoteDecoder) {
        this.tokenizer = localTokenizer.isResolvable() ? localTokenizer.get() : remoteTokenizer;
        this.decoder = localDecoder.isResolvable() ? localDecoder.get() : remoteDecoder;
    }

    TokenizerService tokenizer() {
        return tokenizer;
    }

    /** A shard of stage 0. */
    DecoderService decoder() {
        return decoder;
    }
}
