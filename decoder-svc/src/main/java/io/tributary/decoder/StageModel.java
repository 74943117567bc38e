package io.tributary.decoder;

import io.tributary.models.StageRange;
import io.tributary.models.architecture.Architecture;

/**
 * What a shard serves.
 *
 * @param name the model's name in topics and responses
 * @param fingerprint of the checkpoint
 * @param architecture of the whole model
 * @param range the layers of this stage
 */
record StageModel(String name, String fingerprint, Architecture architecture, StageRange range) {}
