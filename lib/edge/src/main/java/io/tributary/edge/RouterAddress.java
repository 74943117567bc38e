package io.tributary.edge;

import java.net.InetAddress;

/**
 * Where a router can be reached.
 *
 * @param host its name as configured, which its certificate must bear
 * @param address one of the name's addresses
 * @param port 1 to 65535
 */
public record RouterAddress(String host, InetAddress address, int port) {
    /** As messages name it, such as {@code router:9005 (10.0.0.7)}. */
    @Override
    public String toString() {
        String number = address.getHostAddress();
        return number.equals(host) ? host + ":" + port : "%s:%d (%s)".formatted(host, port, number);
    }
}
