package io.tributary.gateway;

import io.tributary.proto.gateway.v1.Turn;

/**
 * A turn that a client has asked for.
 *
 * @param turn as it was asked for
 * @param answer what becomes of it
 */
record ChatTurn(Turn turn, ChatAnswer answer) {}
