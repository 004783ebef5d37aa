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
          .containsExactly(
              "Placeholder images <- []",
              "Const Const <- []",
              "Const Const_1 <- []",
              "Fill Fill <- [Const:0, Const_1:0]",
              "VariableV2 kernel <- []",
              "Assign kernel_1 <- [kernel:0, Fill:0]",
              "Conv2D conv1/Conv2d <- [images:0, conv1/SlimQuant/kernel:0]",
              "Relu conv1/Relu <- [conv1/Conv2d:0]",
              "Const Const_2 <- []",
              "Const Const_3 <- []",
              "MaxPoolV2 pool <- [conv1/SlimQuant/output:0, Const_2:0, Const_3:0]",
              "Const SlimQuant/int8_frac-7/min <- []",
              "Const SlimQuant/int8_frac-7/max <- []",
              "FakeQuantWithMinMaxVars conv1/SlimQuant/kernel"
                  + " <- [kernel:0, SlimQuant/int8_frac-7/min:0, SlimQuant/int8_frac-7/max:0]",
              "Const SlimQuant/int8_frac-5/min <- []",
              "Const SlimQuant/int8_frac-5/max <- []",
              "FakeQuantWithMinMaxVars conv1/SlimQuant/output"
                  + " <- [conv1/Relu:0, SlimQuant/int8_frac-5/min:0, SlimQuant/int8_frac-5/max:0]")
          .inOrder();
    }
  }
}
