package io.tributary.gateway.openai;

import io.quarkus.grpc.GrpcService;
import io.quarkus.runtime.configuration.MemorySize;
import io.tributary.gateway.GatewayGrpcService;
import io.tributary.proto.gateway.v1.MutinyGatewayServiceGrpc.GatewayServiceImplBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The paths of the HTTP API, and what holds for requests to all of them. */
@ApplicationScoped
public class OpenAiRoutes {
    /** In front of Quarkus's own check of the body's length, whose refusal says nothing. */
    private static final int BEFORE_BODY = -5;

    private static final int WITH_BODY = -4;
    private static final int OTHER_METHODS = -3;
    private static final int NOTHING_ELSE = Integer.MAX_VALUE;
    private static final Duration LONGEST_BODY = Duration.ofSeconds(30);
    private static final Duration RETRY_BUSY = Duration.ofSeconds(1);

    private final GatewayServiceImplBase gateway;
    private final HttpApiConfiguration configuration;
    private final long longestBody;
    private final KnownModels known = new KnownModels();
    private final AtomicInteger underWay = new AtomicInteger();

    @Inject
    OpenAiRoutes(
            @GrpcService GatewayGrpcService gateway,
            HttpApiConfiguration configuration,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize longestBody) {
        this(gateway, configuration, longestBody.asLongValue());
    }

    /**
     * @param gateway what the API is a translation of
     * @param longestBody bytes that a request's body may have
     */
    OpenAiRoutes(GatewayServiceImplBase gateway, HttpApiConfiguration configuration, long longestBody) {
        this.gateway = gateway;
        this.configuration = configuration;
        this.longestBody = longestBody;
    }

    void register(@Observes Router router) {
        post(router, "/v1/chat/completions", new ChatCompletions(configuration.maxChoices()));
        post(router, "/v1/completions", new Completions(configuration.maxChoices()));
        post(router, "/v1/embeddings", new Embeddings());
        post(router, "/tokenize", Tokenization::tokenize);
        post(router, "/detokenize", Tokenization::detokenize);
        models(router, new Models());
        router.route().order(NOTHING_ELSE).handler(routing -> new HttpExchange(routing).notFound());
    }

    private GatewayCalls calls(HttpExchange exchange) {
        return new GatewayCalls(gateway, known, exchange.grpcContext());
    }

    private void models(Router router, Models models) {
        router.get("/v1/models").order(BEFORE_BODY).handler(routing -> {
            HttpExchange exchange = new HttpExchange(routing);
            exchange.document(models.all(calls(exchange)));
        });
        router.get("/v1/models/*").order(BEFORE_BODY).handler(routing -> {
            HttpExchange exchange = new HttpExchange(routing);
            Optional<String> name = Optional.ofNullable(routing.pathParam("*"));
            exchange.document(models.named(name.orElse(""), calls(exchange)));
        });
        for (String path : List.of("/v1/models", "/v1/models/*")) {
            router.route(path).order(OTHER_METHODS).handler(routing -> refuseMethod(routing, HttpMethod.GET));
        }
    }

    private void post(Router router, String path, Endpoint endpoint) {
        router.post(path).order(BEFORE_BODY).handler(this::admit);
        router.post(path)
                .order(WITH_BODY)
                .handler(BodyHandler.create(false).setBodyLimit(longestBody))
                .handler(routing -> answer(new HttpExchange(routing), endpoint))
                .failureHandler(this::refuseBody);
        router.route(path).order(OTHER_METHODS).handler(routing -> refuseMethod(routing, HttpMethod.POST));
    }

    /** Lets a request's body come if it can be read. */
    private void admit(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (!isJson(request.getHeader("content-type"))) {
            refuseUnread(routing, 415, "the body must be JSON: set Content-Type to application/json");
        } else if (longerThanAllowed(request.getHeader("content-length"))) {
            refuseUnread(routing, 413, tooLong());
        } else if (takePlace(routing)) {
            if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
                routing.response().writeContinue();
            }
            routing.next();
        }
    }

    private boolean takePlace(RoutingContext routing) {
        if (underWay.incrementAndGet() > configuration.maxRequests()) {
            underWay.decrementAndGet();
            new HttpExchange(routing)
                    .refuseUnread(OpenAiError.busy(
                            "the gateway has %d requests under way, which is all it takes"
                                    .formatted(configuration.maxRequests()),
                            RETRY_BUSY));
            return false;
        }
        routing.addEndHandler(ended -> underWay.decrementAndGet());
        long deadline = routing.vertx().setTimer(LONGEST_BODY.toMillis(), late -> {
            if (!routing.request().isEnded()) {
                refuseUnread(routing, 408, "the body did not come within %d s".formatted(LONGEST_BODY.toSeconds()));
            }
        });
        routing.addEndHandler(ended -> routing.vertx().cancelTimer(deadline));
        return true;
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT).equals("application/json");
    }

    private boolean longerThanAllowed(@Nullable String contentLength) {
        try {
            return contentLength != null && Long.parseLong(contentLength) > longestBody;
        } catch (NumberFormatException _) {
            return true;
        }
    }

    private String tooLong() {
        return "the body is longer than the %,d bytes that are allowed".formatted(longestBody);
    }

    /** Reading a body may take a while, so it is not done on the event loop, which serves others too. */
    private void answer(HttpExchange exchange, Endpoint endpoint) {
        byte[] body = exchange.body();
        Thread.ofVirtual().name("tributary-http").start(() -> {
            try {
                Fields fields = Json.read(body);
                exchange.reply(endpoint.reply(fields, calls(exchange)));
            } catch (RuntimeException failure) {
                exchange.refuse(failure);
            }
        });
    }

    private void refuseBody(RoutingContext routing) {
        HttpExchange exchange = new HttpExchange(routing);
        if (routing.statusCode() == 413) {
            exchange.refuseUnread(OpenAiError.invalidRequest(413, tooLong()));
        } else if (routing.failure() == null) {
            exchange.refuseUnread(OpenAiError.invalidRequest(400, "the body cannot be read"));
        } else {
            exchange.refuse(routing.failure());
        }
    }

    private static void refuseMethod(RoutingContext routing, HttpMethod allowed) {
        routing.response().putHeader("allow", allowed.name());
        refuseUnread(
                routing,
                405,
                "%s is not answered here; use %s".formatted(routing.request().method(), allowed));
    }

    private static void refuseUnread(RoutingContext routing, int status, String message) {
        new HttpExchange(routing).refuseUnread(OpenAiError.invalidRequest(status, message));
    }
}
