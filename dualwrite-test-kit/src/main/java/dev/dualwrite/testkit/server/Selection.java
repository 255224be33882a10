package dev.dualwrite.testkit.server;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the first provider that works. One that was asked for by name and does not work is a failure; one that was
 * merely found and does not work is reported, and the next is tried.
 */
final class Selection {

    private static final Logger LOG = LoggerFactory.getLogger(TwoServers.class);

    private final List<Provider> providers;

    Selection(List<Provider> providers) {
        this.providers = List.copyOf(providers);
    }

    /** All providers, in their order. */
    static Selection ofAll() {
        return new Selection(List.of(new DockerProvider(), new LocalProvider(), new EmbeddedProvider()));
    }

    /** The providers whose servers are processes of our own. */
    static Selection ofProcesses() {
        return new Selection(List.of(new LocalProvider(), new EmbeddedProvider()));
    }

    /** The first of all providers whose servers can be used. */
    <T> Chosen<T> any(ServerRequest request, Use<T> use) {
        List<String> reasons = new ArrayList<>();
        for (Provider provider : providers) {
            Provider.Finding finding = provider.find(request);
            if (finding instanceof Provider.Finding.Absent absent) {
                LOG.debug("No servers from {}: {}", provider.name(), absent.why());
                reasons.add(provider.name() + ": " + absent.why());
            } else if (finding instanceof Provider.Finding.Found found) {
                try {
                    return use(provider, found, use, reasons);
                } catch (IOException | SQLException | RuntimeException | LinkageError broken) {
                    LOG.warn("Found {} and could not use it: {}", found.what(), broken.getMessage(), broken);
                    reasons.add(provider.name() + ": found " + found.what() + ", which failed: " + broken.getMessage());
                }
            }
        }
        throw new ServersUnavailableException("No provider has servers. " + String.join(". ", reasons));
    }

    /** This provider's servers. */
    <T> Chosen<T> named(ProviderName name, ServerRequest request, Use<T> use) {
        Provider provider = providers.stream()
                .filter(candidate -> candidate.name() == name)
                .findFirst()
                .orElseThrow(() -> new ServersUnavailableException(
                        "Provider " + name + " was asked for and has no servers of the kind that is needed here"));
        Provider.Finding finding = provider.find(request);
        if (finding instanceof Provider.Finding.Found found) {
            try {
                return use(provider, found, use, List.of());
            } catch (IOException | SQLException | RuntimeException | LinkageError broken) {
                throw new ServersUnavailableException(
                        "Provider " + name + " was asked for; " + found.what() + " failed: " + broken.getMessage(),
                        broken);
            }
        }
        throw new ServersUnavailableException("Provider " + name + " was asked for and has no servers: "
                + (finding instanceof Provider.Finding.Absent absent ? absent.why() : "nothing found"));
    }

    private static <T> Chosen<T> use(Provider provider, Provider.Finding.Found found, Use<T> use, List<String> passed)
            throws IOException, SQLException {
        T value = use.of(found.maker().make());
        return new Chosen<>(provider.name(), found.what(), value, List.copyOf(passed));
    }

    /** What becomes of a provider's servers. */
    @FunctionalInterface
    interface Use<T> {
        T of(Opener opener) throws IOException, SQLException;
    }

    /** What was taken, and why nothing before it. */
    record Chosen<T>(ProviderName provider, String what, T value, List<String> passedOver) {}
}
