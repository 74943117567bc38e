package io.tributary.gateway.access;

import io.smallrye.certs.CertificateGenerator;
import io.smallrye.certs.CertificateRequest;
import io.smallrye.certs.Format;
import java.nio.file.Path;

/**
 * Certificates of two meshes that know nothing of each other, as files.
 *
 * @param directory where they are
 */
record MeshCertificates(Path directory) {
    /** Makes both, in PEM: a server's and a client's, each of which the other side trusts. */
    static MeshCertificates in(Path directory) {
        try {
            CertificateGenerator generator = new CertificateGenerator(directory, true);
            for (String mesh : new String[] {"own", "other"}) {
                generator.generate(new CertificateRequest()
                        .withName(mesh)
                        .withCN("localhost")
                        .withSubjectAlternativeName("IP:127.0.0.1")
                        .withFormat(Format.PEM)
                        .withClientCertificate());
            }
        } catch (Exception failure) {
            throw new IllegalStateException("no certificates", failure);
        }
        return new MeshCertificates(directory);
    }

    Path serverCertificate(String mesh) {
        return directory.resolve(mesh + ".crt");
    }

    Path serverKey(String mesh) {
        return directory.resolve(mesh + ".key");
    }

    /** What clients trust. */
    Path serverAuthority(String mesh) {
        return directory.resolve(mesh + "-ca.crt");
    }

    Path clientCertificate(String mesh) {
        return directory.resolve(mesh + "-client.crt");
    }

    Path clientKey(String mesh) {
        return directory.resolve(mesh + "-client.key");
    }

    /** What servers trust. */
    Path clientAuthority(String mesh) {
        return directory.resolve(mesh + "-server-ca.crt");
    }
}
