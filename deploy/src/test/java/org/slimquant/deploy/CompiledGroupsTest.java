package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSameOutputs;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerTensor;
import org.slimquant.runtime.OperandGroup;
import org.slimquant.runtime.QuantizedLayer;
import org.slimquant.runtime.QuantizedOutput;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** Integers of layers that return several operands. */
final class CompiledGroupsTest {

  /** The pool reads the quantized features, as every reader does. */
  @Test
  void layerWithAKernelThatReturnsTwoOperands() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 6, 6, 2)) {
      QuantizedLayer layer =
          QuantizedLayer.of("stem", KERNEL, OUTPUT)
              .returning(
                  new QuantizedOutput("features", OUTPUT),
                  new QuantizedOutput("pooled", FixedPoint.unsigned(8, OUTPUT.frac())));

      List<Operand<TFloat32>> outputs =
          OperandGroup.list(
              graph.quantizer,
              layer,
              () -> {
                Operand<TFloat32> y =
                    graph.relu(graph.conv(graph.input("image", INPUT, graph.images), 4));
                return List.of(y, graph.pool(y));
              });
      IntegerModel model = assertSameOutputs(graph, List.of(graph.images), outputs);

      assertThat(model.outputs().stream().map(IntegerTensor::name))
          .containsExactly("stem/SlimQuant/features", "stem/SlimQuant/pooled")
          .inOrder();
    }
  }
}
