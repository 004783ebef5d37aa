package org.slimquant.deploy.compile.match;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSame;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.ONES;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.WeightedOp;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** A layer that is called several times. */
final class SharedWeightsTest {

  @Test
  void layerThatIsCalledEightTimes() {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, 5, 5, 4)) {
      Operand<TFloat32> kernel = graph.kernel(KERNEL, 0.3, 3, 3, 4, 4);
      Operand<TFloat32> bias = graph.bias(0.5, 4);
      Operand<TFloat32> last = graph.images;
      for (int call = 0; call < 8; call++) {
        Operand<TFloat32> x = last;
        boolean isFirst = call == 0;
        last =
            graph.layer(
                "layer",
                KERNEL,
                OUTPUT,
                () ->
                    graph.tf.nn.biasAdd(
                        graph.tf.nn.conv2d(
                            isFirst ? graph.input("images", OUTPUT, x) : graph.input(x),
                            kernel,
                            ONES,
                            "SAME"),
                        bias));
      }

      IntegerModel model = assertSame(graph, last);

      assertThat(model.layers()).hasSize(8);
      WeightedOp one = model.layers().get(0);
      for (WeightedOp layer : model.layers()) {
        assertThat(layer.kernel()).isSameInstanceAs(one.kernel());
        assertThat(layer.bias()).isSameInstanceAs(one.bias());
      }
    }
  }
}
