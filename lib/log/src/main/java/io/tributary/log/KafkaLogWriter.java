package io.tributary.log;

import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Appends to a Kafka topic through the producer that all writers of a log share. */
final class KafkaLogWriter<T extends Message> implements LogWriter<T> {
    private final KafkaLogConfiguration configuration;
    private final Topic<T> topic;
    private final Producer<byte[], byte[]> producer;

    KafkaLogWriter(KafkaLogConfiguration configuration, Topic<T> topic, Producer<byte[], byte[]> producer) {
        this.configuration = configuration;
        this.topic = topic;
        this.producer = producer;
    }

    @Override
    public CompletionStage<Long> append(int lane, T record, String key, Map<String, String> headers) {
        Lanes.require(topic, configuration.lanes(), lane);
        int bytes = record.getSerializedSize();
        if (bytes > MAXIMAL_RECORD_BYTES) {
            return CompletableFuture.failedStage(RecordTooLargeException.of(topic, lane, key, bytes));
        }
        var sent = new ProducerRecord<>(topic.name(), lane, key.getBytes(StandardCharsets.UTF_8), record.toByteArray());
        RecordHeaders.write(headers, sent.headers());
        return send(sent);
    }

    private CompletionStage<Long> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Long> appended = new CompletableFuture<>();
        try {
            var _ = producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    appended.complete(metadata.offset());
                } else {
                    appended.completeExceptionally(failed(record, failure));
                }
            });
        } catch (InterruptException interruption) {
            appended.completeExceptionally(
                    new LogInterruptedException("interrupted while appending to topic %s".formatted(topic.name())));
        } catch (KafkaException failure) {
            appended.completeExceptionally(failed(record, failure));
        } catch (IllegalStateException closed) {
            appended.completeExceptionally(
                    new LogClosedException("topic %s belongs to a log that is closed".formatted(topic.name())));
        }
        return appended;
    }

    private LogException failed(ProducerRecord<byte[], byte[]> record, Exception failure) {
        String what = "append a record of %d bytes to lane %d of topic %s"
                .formatted(record.value().length, record.partition(), topic.name());
        return KafkaFailures.unavailable(configuration, configuration.deliveryTimeout(), what, failure);
    }
}
