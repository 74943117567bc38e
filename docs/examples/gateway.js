// A client of the gateway, from its contract alone.
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { fileURLToPath } from 'node:url';

const protos = fileURLToPath(new URL('../../proto/src/main/proto', import.meta.url));

export function connect(address) {
  const definition = protoLoader.loadSync('tributary/gateway/v1/gateway.proto', {
    includeDirs: [protos],
    longs: String,
    oneofs: true,
  });
  const { GatewayService } = grpc.loadPackageDefinition(definition).tributary.gateway.v1;
  return new GatewayService(address, grpc.credentials.createInsecure());
}

export function deadline(seconds) {
  return { deadline: Date.now() + seconds * 1000 };
}
