package io.tributary.gateway.access;

import io.smallrye.certs.CertificateGenerator;
import io.smallrye.certs.CertificateRequest;
import io.smallrye.certs.Format;
import java.nio.file.Path;

/**
 * Certificates of two meshes that know nothing of each other, {@code own} and {@code other}, as files.
 *
 * @param directory where they are
 */
record MeshCertificates(Path directory) {
    /** Of the files in PKCS 12. */
    static final String PASSWORD = "not a secret";

    /** Makes both: a server's and a client's certificate, each of which the other side trusts. */
    static MeshCertificates in(Path directory) {
        try {
            CertificateGenerator generator = new CertificateGenerator(directory, true);
            generator.generate(request("own"));
            generator.generate(request("other"));
        } catch (Exception failure) {
            throw new IllegalStateException("no certificates could be made", failure);
        }
        return new MeshCertificates(directory);
    }

    private static CertificateRequest request(String mesh) {
        return new CertificateRequest()
                .withName(mesh)
                .withCN("localhost")
                .withSubjectAlternativeName("IP:127.0.0.1")
                .withFormat(Format.PEM)
                .withFormat(Format.PKCS12)
                .withPassword(PASSWORD)
                .withClientCertificate();
    }

    Path serverCertificate(String mesh) {
        return directory.resolve(mesh + ".crt");
    }

    Path serverKey(String mesh) {
        return directory.resolve(mesh + ".key");
    }

    Path clientCertificate(String mesh) {
        return directory.resolve(mesh + "-client.crt");
    }

    Path clientKey(String mesh) {
        return directory.resolve(mesh + "-client.key");
    }

    /** What servers trust, in PEM. */
    Path trustedByServers(String mesh) {
        return directory.resolve(mesh + "-server-ca.crt");
    }

    /** The same in PKCS 12. */
    Path trustStoreOfServers(String mesh) {
        return directory.resolve(mesh + "-server-truststore.p12");
    }

    /** What clients trust, in PEM. */
    Path trustedByClients(String mesh) {
        return directory.resolve(mesh + "-client-ca.crt");
    }
}
