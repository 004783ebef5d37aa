package org.slimquant.examples;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;

final class ByHandTest {

  @Test
  void convolutionReadsItsKernelAndPoolingItsInputThroughFakeQuants() {
    try (Graph graph = new Graph()) {
      assertThat(ByHand.quantizedConvolution(graph)).isEqualTo(2);

      assertThat(GraphBasics.ops(graph))
          .containsAtLeast(
              "Conv2D conv1/Conv2D <- [images:0, conv1/SlimQuant/kernel:0]",
              "Relu conv1/Relu <- [conv1/Conv2D:0]",
              "FakeQuantWithMinMaxVars conv1/SlimQuant/kernel"
                  + " <- [kernel:0, SlimQuant/int8_frac-7/min:0, SlimQuant/int8_frac-7/max:0]",
              "FakeQuantWithMinMaxVars conv1/SlimQuant/output"
                  + " <- [conv1/Relu:0, SlimQuant/int8_frac-5/min:0, SlimQuant/int8_frac-5/max:0]");
      assertThat(GraphBasics.ops(graph).stream().filter(op -> op.startsWith("MaxPoolV2 pool")))
          .containsExactly("MaxPoolV2 pool <- [conv1/SlimQuant/output:0, Const_2:0, Const_3:0]");
    }
  }
}
