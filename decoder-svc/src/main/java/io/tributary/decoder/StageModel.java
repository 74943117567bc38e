package io.tributary.decoder;

import io.tributary.models.StageRange;
import io.tributary.models.architecture.Architecture;
import java.nio.file.Path;

/**
 * What a shard serves.
 *
 * @param name the model's name in topics and responses
 * @param fingerprint of the checkpoint
 * @param architecture of the whole model
 * @param range the layers of this stage
 * @param path where the model is: the last stage finds the tokenizer there
 */
record StageModel(String name, String fingerprint, Architecture architecture, StageRange range, Path path) {}
