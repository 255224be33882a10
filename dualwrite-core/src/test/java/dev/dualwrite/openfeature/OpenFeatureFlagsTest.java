package dev.dualwrite.openfeature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dualwrite.Phase;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.Metadata;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.GeneralError;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of a provider with flags, of one without, and of one that fails. */
class OpenFeatureFlagsTest {

    private static OpenFeatureFlags of(FeatureProvider provider) {
        String domain = "flags-test-" + System.identityHashCode(provider);
        OpenFeatureAPI.getInstance().setProviderAndWait(domain, provider);
        return OpenFeatureFlags.of(OpenFeatureAPI.getInstance().getClient(domain));
    }

    private static OpenFeatureFlags of(Map<String, Object> values) {
        Map<String, Flag<?>> flags = new HashMap<>();
        values.forEach((name, value) -> flags.put(
                "dualwrite." + name,
                Flag.builder().variant("it", value).defaultVariant("it").build()));
        return of(new InMemoryProvider(flags));
    }

    @Test
    void saysWhatTheProviderSays() {
        OpenFeatureFlags flags = of(Map.of(
                "phase",
                "live",
                "hold",
                true,
                "kill",
                true,
                "read-percent",
                12.5,
                "read-cohort",
                "tenant=a,b",
                "sampling",
                0.0,
                "pace",
                "pause"));
        assertThat(flags.requestedPhase()).contains(Phase.TARGET_READ);
        assertThat(flags.hold()).isTrue();
        assertThat(flags.kill()).isTrue();
        assertThat(flags.readPercent()).hasValue(12.5);
        assertThat(flags.readCohort()).isEqualTo(Map.of("tenant", Set.of("a", "b")));
        assertThat(flags.sampling()).hasValue(0);
        assertThat(flags.paused()).isTrue();
    }

    @Test
    void aFlagThatIsNotThereHasNoOpinion() {
        OpenFeatureFlags flags = of(Map.of());
        assertThat(flags.requestedPhase()).isEmpty();
        assertThat(flags.hold()).isFalse();
        assertThat(flags.kill()).isFalse();
        assertThat(flags.readPercent()).isEmpty();
        assertThat(flags.readCohort()).isEmpty();
        assertThat(flags.sampling()).isEmpty();
        assertThat(flags.paused()).isFalse();
    }

    @Test
    void aFlagOfAnotherTypeOrThatDoesNotReadIsAnError() {
        assertThatThrownBy(() -> of(Map.of("kill", "yes")).kill())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("dualwrite.kill")
                .hasMessageContaining("TYPE_MISMATCH");
        assertThatThrownBy(() -> of(Map.of("phase", "sideways")).requestedPhase())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sideways");
    }

    @Test
    void aProviderThatFailsIsAnErrorOfEachQuestionAndNoOpinionOfNone() {
        OpenFeatureFlags flags = of(new Failing());
        assertThatThrownBy(flags::requestedPhase)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("planted");
        assertThatThrownBy(flags::hold).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(flags::kill).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(flags::readPercent).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(flags::readCohort).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(flags::sampling).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(flags::paused).isInstanceOf(IllegalStateException.class);
    }

    /** A provider whose service is down. */
    private static final class Failing implements FeatureProvider {
        @Override
        public Metadata getMetadata() {
            return () -> "failing";
        }

        @Override
        public ProviderEvaluation<Boolean> getBooleanEvaluation(String key, Boolean none, EvaluationContext context) {
            throw new GeneralError("planted");
        }

        @Override
        public ProviderEvaluation<String> getStringEvaluation(String key, String none, EvaluationContext context) {
            throw new GeneralError("planted");
        }

        @Override
        public ProviderEvaluation<Integer> getIntegerEvaluation(String key, Integer none, EvaluationContext context) {
            throw new GeneralError("planted");
        }

        @Override
        public ProviderEvaluation<Double> getDoubleEvaluation(String key, Double none, EvaluationContext context) {
            throw new GeneralError("planted");
        }

        @Override
        public ProviderEvaluation<Value> getObjectEvaluation(String key, Value none, EvaluationContext context) {
            throw new GeneralError("planted");
        }
    }
}
