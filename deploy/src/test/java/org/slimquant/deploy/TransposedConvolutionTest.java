package org.slimquant.deploy;

import static com.google.common.truth.Truth.assertThat;
import static org.slimquant.deploy.testing.SameCodes.SEED;
import static org.slimquant.deploy.testing.SameCodes.assertSame;
import static org.slimquant.deploy.testing.UsualLayers.INPUT;
import static org.slimquant.deploy.testing.UsualLayers.KERNEL;
import static org.slimquant.deploy.testing.UsualLayers.OUTPUT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slimquant.deploy.testing.QuantizedGraph;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.Conv2dBackpropInput;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Transposed convolutions with every stride, kernel and padding: their codes against TensorFlow's.
 */
final class TransposedConvolutionTest {

  private static final int ROWS = 5;
  private static final int COLUMNS = 4;
  private static final int CHANNELS = 3;

  @Test
  void everyStrideKernelAndPadding() {
    for (int stride = 1; stride <= 3; stride++) {
      for (int height = 1; height <= 5; height++) {
        int width = height % 4 + 1;
        int across = stride % 2 + 1;
        assertCompiles(
            stride, across, height, width, "SAME", ROWS * stride, COLUMNS * across, KERNEL);
        assertCompiles(
            stride,
            across,
            height,
            width,
            "VALID",
            (ROWS - 1) * stride + height,
            (COLUMNS - 1) * across + width,
            KERNEL);
      }
    }
  }

  /** With a stride, an output of several sizes has the same number of inputs. */
  @Test
  void otherSizesOfTheOutput() {
    assertCompiles(2, 3, 3, 3, "SAME", ROWS * 2 - 1, COLUMNS * 3 - 2, KERNEL);
    assertCompiles(2, 3, 3, 1, "VALID", (ROWS - 1) * 2 + 4, (COLUMNS - 1) * 3 + 3, KERNEL);
  }

  @Test
  void explicitPaddings() {
    // Rows: 4 * 2 + 5 - (1 + 2); columns: 3 * 2 + 5 - (3 + 0).
    assertCompiles(2, 2, 5, 5, "EXPLICIT", 10, 8, KERNEL);
  }

  @Test
  void exponentForEachChannel() {
    PerChannel channels = new PerChannel(8, List.of(-7, -5));
    assertCompiles(2, 2, 3, 3, "SAME", ROWS * 2, COLUMNS * 2, channels);
    assertCompiles(2, 2, 2, 2, "VALID", ROWS * 2, COLUMNS * 2, channels);
  }

  /** The layer is three movements after a convolution of all phases. */
  @Test
  void convolutionOfPhases() {
    IntegerModel model = assertCompiles(2, 2, 2, 2, "VALID", ROWS * 2, COLUMNS * 2, KERNEL);

    assertThat(model.ops().stream().map(IntegerOp::type))
        .containsExactly("Conv2D", "Reshape", "Transpose", "Reshape")
        .inOrder();
    assertThat(model.layers().get(0).name()).isEqualTo("up");
    assertThat(model.layers().get(0).kernel().shape()).containsExactly(1, 1, CHANNELS, 8).inOrder();
  }

  private static IntegerModel assertCompiles(
      long stride,
      long across,
      int height,
      int width,
      String padding,
      int rows,
      int columns,
      FormatRequest format) {
    try (QuantizedGraph graph = new QuantizedGraph(SEED, ROWS, COLUMNS, CHANNELS)) {
      Ops tf = graph.tf;
      Operand<TFloat32> y =
          graph.layer(
              "up",
              format,
              OUTPUT,
              () -> {
                Operand<TFloat32> x = graph.input("images", INPUT, graph.images);
                Operand<TInt32> size =
                    tf.concat(
                        List.of(
                            tf.slice(tf.shape(x), tf.array(0), tf.array(1)),
                            tf.array(rows, columns, 2)),
                        tf.constant(0));
                Operand<TFloat32> up =
                    tf.nn.conv2dBackpropInput(
                        size,
                        graph.kernel(format, 0.3, height, width, 2, CHANNELS),
                        x,
                        List.of(1L, stride, across, 1L),
                        padding,
                        Conv2dBackpropInput.explicitPaddings(
                            padding.equals("EXPLICIT")
                                ? List.of(0L, 0L, 1L, 2L, 3L, 0L, 0L, 0L)
                                : List.of()));
                return tf.nn.relu(graph.addBias(up));
              });
      return assertSame(graph, y);
    }
  }
}
