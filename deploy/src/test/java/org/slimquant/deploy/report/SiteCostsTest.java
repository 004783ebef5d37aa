package org.slimquant.deploy.report;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.NamedStatistics;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.plan.TensorStatistics;

/** What is told of a tensor beside its chart. */
final class SiteCostsTest {

  @Test
  void unusedTopBitsAreThoseThatAFinerStepWouldNotClip() {
    assertThat(unused(FixedPoint.signed(8, 0), 127)).hasValue(0);
    assertThat(unused(FixedPoint.signed(8, 0), -64)).hasValue(0);
    assertThat(unused(FixedPoint.signed(8, 0), -63.5f)).hasValue(1);
    assertThat(unused(FixedPoint.signed(8, 0), 1)).hasValue(6);
    assertThat(unused(FixedPoint.signed(8, -7), 0)).hasValue(7);
    assertThat(unused(FixedPoint.signed(8, 0), 1000)).hasValue(0);
    assertThat(unused(FixedPoint.unsigned(8, 0), -1000, 127)).hasValue(1);
    assertThat(unused(PerChannel.of(8, 0), -31)).hasValue(2);
  }

  private static OptionalInt unused(Format format, float... elements) {
    return costs(format, elements).unusedTopBits();
  }

  @Test
  void neighbouringExponentsAreTried() {
    SiteCosts costs = costs(FixedPoint.signed(8, 0), 0.4f, 0.3f, -0.2f);

    assertThat(costs.measures().keySet()).containsExactly(-1, 0, 1).inOrder();
    assertThat(costs.best()).hasValue(-1);
    assertThat(costs.format(-1)).isEqualTo(FixedPoint.signed(8, -1));
    assertThat(costs(FixedPoint.signed(8, -126), 1).measures().keySet()).containsExactly(0, 1);
  }

  @Test
  void amongEqualsTheSitesOwnExponentIsBest() {
    assertThat(costs(FixedPoint.signed(8, 0), 0, 0).best()).hasValue(0);
  }

  @Test
  void withoutStatisticsThePlansMeasureIsLeft() {
    TensorStatistics measure = new TensorStatistics(-1, 1, 0, 40);
    SiteCosts costs =
        SiteCosts.of(
            site(Kind.OUTPUT, FixedPoint.signed(8, -7), Optional.of(measure)), Optional.empty());

    assertThat(costs.measure()).hasValue(measure);
    assertThat(costs.unusedTopBits()).isEqualTo(OptionalInt.empty());
    assertThat(costs.best()).isEqualTo(OptionalInt.empty());
  }

  @Test
  void aBiasHasNoDistribution() {
    SiteCosts costs =
        SiteCosts.of(
            site(Kind.BIAS, new BiasFormat(List.of(-9)), Optional.empty()),
            Optional.of(new NamedStatistics().site("site", new float[] {1}).statistics()));

    assertThat(costs.distribution()).isEmpty();
    assertThat(costs.measure()).isEmpty();
  }

  private static SiteCosts costs(Format format, float... elements) {
    return SiteCosts.of(
        site(Kind.OUTPUT, format, Optional.empty()),
        Optional.of(new NamedStatistics().site("site", elements).statistics()));
  }

  private static Site site(Kind kind, Format format, Optional<TensorStatistics> measure) {
    return new Site("site", kind, "tensor:0", format, new Source.Annotation(), measure);
  }
}
