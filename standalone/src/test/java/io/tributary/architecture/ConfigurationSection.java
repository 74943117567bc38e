package io.tributary.architecture;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The properties of one configuration interface.
 *
 * @param prefix what all of its properties begin with
 * @param description Javadoc of the interface
 * @param properties in the order of the source
 */
record ConfigurationSection(String prefix, String description, List<Property> properties) {
    /**
     * One property.
     *
     * @param name in full, in kebab-case
     * @param type how its value is written
     * @param defaultValue empty if the property may be left out and has no value then
     * @param description Javadoc of the method
     */
    record Property(String name, String type, Optional<String> defaultValue, String description) {
        /** The environment variable that sets this property: capitals, and an underscore for anything else. */
        String environmentVariable() {
            return name.replaceAll("[^A-Za-z0-9<>]", "_").toUpperCase(Locale.ROOT);
        }
    }
}
