package org.slimquant.demo.models;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.slimquant.calibration.CalibratingQuantizer;
import org.slimquant.demo.data.LabelledImages;
import org.slimquant.demo.data.NoiseImages;
import org.slimquant.demo.training.Classifier;
import org.slimquant.demo.training.Training;
import org.slimquant.examples.models.QuantizedPerChannelSeparableNet;
import org.slimquant.examples.models.QuantizedSeparableNet;
import org.slimquant.examples.models.SeparableNet;
import org.slimquant.format.PerChannel;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.InitialValues;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

final class SeparableNetTest {

  private static final Training TRAINING = new Training(1, 32, 0.001f, 1, 1);

  private final LabelledImages images = NoiseImages.images(32);

  @Test
  void aKernelHasOneStepAndEveryBiasIsQuantized() {
    QuantizationPlan plan =
        quantized((tf, quantizer) -> new QuantizedSeparableNet(tf, 1, true, quantizer));

    assertThat(names(plan)).isEqualTo(allSites());
    assertThat(channelCounts(plan)).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
  }

  @Test
  void eachOutputChannelHasItsStep() {
    QuantizationPlan plan =
        quantized((tf, quantizer) -> new QuantizedPerChannelSeparableNet(tf, 1, true, quantizer));

    assertThat(names(plan)).isEqualTo(allSites());
    assertThat(channelCounts(plan))
        .containsExactly(16, 16, 32, 32, 64, 64, 64, 64, 64, 10)
        .inOrder();
    for (Site site : plan.sites()) {
      assertWithMessage(site.name())
          .that(site.format() instanceof PerChannel)
          .isEqualTo(site.kind() == Kind.KERNEL);
    }
  }

  private QuantizationPlan quantized(BiFunction<Ops, GraphQuantizer, SeparableNet> model) {
    QuantizationPlan plan;
    try (Graph graph = new Graph()) {
      InitialValues.allow(graph);
      CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
      try (Classifier classifier = classifier(graph, model.apply(Ops.create(graph), quantizer))) {
        plan = classifier.calibrate(quantizer, List.of(images), batches -> {});
      }
    }
    try (Graph graph = new Graph()) {
      GraphQuantizer quantizer = GraphQuantizer.fakeQuant(graph, plan);
      try (Classifier classifier = classifier(graph, model.apply(Ops.create(graph), quantizer))) {
        classifier.train(images);
        assertThat(quantizer.verify()).isEmpty();
        assertThat(quantizer.plan().remarks()).isEmpty();
        return quantizer.plan();
      }
    }
  }

  private Classifier classifier(Graph graph, SeparableNet model) {
    return new Classifier(graph, images.imageShape(), model::logits, TRAINING);
  }

  private static List<String> allSites() {
    List<String> sites = new ArrayList<>(List.of("conv/SlimQuant/images"));
    List<String> layers = new ArrayList<>(List.of("conv"));
    for (String call : List.of("", "_1", "_2", "_3")) {
      layers.addAll(List.of("depthwise" + call, "pointwise" + call));
    }
    for (String layer : layers) {
      addSites(sites, layer);
    }
    sites.add("average/SlimQuant/output");
    addSites(sites, "dense");
    return sites;
  }

  private static void addSites(List<String> sites, String layer) {
    for (String kind : List.of("kernel", "bias", "output")) {
      sites.add(layer + "/SlimQuant/" + kind);
    }
  }

  private static List<String> names(QuantizationPlan plan) {
    return plan.sites().stream().map(Site::name).toList();
  }

  private static List<Integer> channelCounts(QuantizationPlan plan) {
    return plan.sites().stream()
        .filter(site -> site.kind() == Kind.KERNEL)
        .map(site -> site.format().fracs().size())
        .toList();
  }
}
