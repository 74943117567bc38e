package io.tributary.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DevBrokerIT {
    private static final TopicPartition LANE = new TopicPartition("kept", 2);

    @TempDir
    private Path directory;

    @Test
    void recordsAreStillThereAfterARestart() throws Exception {
        DevBrokerConfiguration configuration = DevBrokerConfiguration.onFreePorts(directory.resolve("data"));
        try (DevBroker broker = DevBroker.start(configuration);
                Admin admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic(LANE.topic(), 3, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            append(broker, "before the restart");
        }
        try (DevBroker broker = DevBroker.start(configuration)) {
            assertThat(read(broker)).containsExactly("before the restart");
        }
    }

    @Test
    void groupsOfTheNewProtocolAreOfferedAndTopicsAreNotMadeBehindOnesBack() throws Exception {
        try (DevBroker broker = DevBroker.start(DevBrokerConfiguration.onFreePorts(directory));
                Admin admin = admin(broker)) {
            FeatureMetadata features =
                    admin.describeFeatures().featureMetadata().get(20, TimeUnit.SECONDS);
            assertThat(features.finalizedFeatures())
                    .hasEntrySatisfying(
                            "group.version",
                            level -> assertThat(level.maxVersionLevel()).isEqualTo((short) 1));
            assertThatThrownBy(() -> append(broker, "to a topic that does not exist"))
                    .hasMessageContaining("not present in metadata");
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test
    void closingTwiceIsClosingOnceAndFreesThePort() {
        DevBrokerConfiguration configuration = DevBrokerConfiguration.onFreePorts(directory);
        DevBroker broker = DevBroker.start(configuration);
        broker.close();
        broker.close();
        DevBroker.start(configuration).close();
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        DevBrokerConfiguration free = DevBrokerConfiguration.onFreePorts(directory);
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThatThrownBy(() -> DevBroker.start(
                            new DevBrokerConfiguration(directory, other.getLocalPort(), free.controllerPort())))
                    .isInstanceOf(DevBrokerException.class)
                    .hasMessageContaining("port " + other.getLocalPort());
        }
    }

    @Test
    void aDirectoryWithOtherFilesIsRefusedAndLeftAlone() throws IOException {
        Path foreign = Files.writeString(directory.resolve("thesis.txt"), "do not format");
        assertThatThrownBy(() -> DevBroker.start(DevBrokerConfiguration.onFreePorts(directory)))
                .isInstanceOf(DevBrokerException.class)
                .hasMessageContaining("thesis.txt");
        assertThat(directory.toFile().listFiles()).containsExactly(foreign.toFile());
    }

    @Test
    void aBrokerOfItsOwnJvmSaysThatItListensAndStopsOnSigterm() throws Exception {
        DevBrokerConfiguration configuration = DevBrokerConfiguration.onFreePorts(directory.resolve("data"));
        Path ready = directory.resolve("ready");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DevBrokerMain.class.getName(),
                        "--data",
                        configuration.dataDirectory().toString(),
                        "--port",
                        Integer.toString(configuration.port()),
                        "--controller-port",
                        Integer.toString(configuration.controllerPort()),
                        "--ready-file",
                        ready.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            String address = "127.0.0.1:" + configuration.port();
            assertThat(output.readLine()).isEqualTo("broker listening on " + address);
            assertThat(ready).hasContent(address);
            process.toHandle().destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(output.readLine()).isNull();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Admin admin(DevBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    }

    private static void append(DevBroker broker, String value) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers(), "max.block.ms", 2000);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(LANE.topic(), LANE.partition(), "key", value))
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private static List<String> read(DevBroker broker) {
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(LANE));
            consumer.seekToBeginning(List.of(LANE));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (System.nanoTime() < deadline) {
                var records = consumer.poll(Duration.ofMillis(200));
                if (!records.isEmpty()) {
                    return records.records(LANE).stream()
                            .map(record -> record.value())
                            .toList();
                }
            }
            return List.of();
        }
    }
}
