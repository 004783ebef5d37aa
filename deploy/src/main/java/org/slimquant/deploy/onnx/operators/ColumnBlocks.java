package org.slimquant.deploy.onnx.operators;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slimquant.deploy.onnx.graph.OnnxGraph;
import org.slimquant.deploy.onnx.graph.SaturatingPairs;
import org.slimquant.deploy.onnx.graph.SaturatingPairs.Elements;
import org.slimquant.deploy.onnx.graph.Value;
import org.slimquant.model.Codes;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;

/**
 * A convolution of few channels, rewritten as a convolution of blocks of columns.
 *
 * <p>ONNX Runtime gathers the elements of a window by one copy for each pixel, of as many bytes as
 * there are channels. With one channel the copies take longer than the products. In NHWC, the c
 * channels of four columns are the 4c channels of a block, without moving a byte. A kernel over
 * blocks computes the outputs of all columns of a block as channels. It has zeros where an output
 * does not read a column:
 *
 * <pre>{@code
 * columns   . a b c d e f g h .        3 wide, padding 1
 * blocks    [. . . .][a b c d][e f g h][. . . .]
 * output a         x  x x
 * output b            x x x
 * output c              x x x
 * output d                x x  x
 * }</pre>
 *
 * <p>The sums are the same, and so are their bounds.
 */
final class ColumnBlocks {

  private static final int COLUMNS = 4;
  // With more channels the copies are longer, and the zeros cost more than the copies save.
  // Products with uint8 weights are slower, so only one channel gains.
  private static final int FEW_CHANNELS = 3;
  private static final int FEW_CHANNELS_OF_UINT8 = 1;

  // The largest ratio of the sizes of the two kernels.
  private static final int MANY_TIMES = 32;

  private final Convolution convolution;
  // The outputs of a block, the blocks that a window reads before its own, and all that it reads.
  private final int outputs;
  private final int before;
  private final int width;

  private ColumnBlocks(Convolution convolution) {
    this.convolution = convolution;
    outputs = COLUMNS / convolution.window().strideWidth();
    int last = column(outputs - 1, convolution.window().width() - 1);
    before = -Math.floorDiv(column(0, 0), COLUMNS);
    width = before + Math.max(0, Math.floorDiv(last, COLUMNS)) + 1;
  }

  /** Returns the blocks of a convolution, if it has few channels and whole blocks. */
  static Optional<ColumnBlocks> of(Convolution convolution) {
    int stride = convolution.window().strideWidth();
    int few = convolution.weightType() == DataType.INT8 ? FEW_CHANNELS : FEW_CHANNELS_OF_UINT8;
    if (convolution.group() > 1
        || convolution.input().shape().get(1) > few
        || COLUMNS % stride != 0
        || convolution.input().shape().get(3) % COLUMNS != 0
        || convolution.outputShape().get(3) % (COLUMNS / stride) != 0) {
      return Optional.empty();
    }
    ColumnBlocks blocks = new ColumnBlocks(convolution);
    // With a large dilation or padding, nearly all weights would be zeros.
    return (long) blocks.outputs * COLUMNS * blocks.width
            <= (long) MANY_TIMES * convolution.window().width()
        ? Optional.of(blocks)
        : Optional.empty();
  }

  /** Returns the column that an output of a block reads, counted from the block's first. */
  private int column(int output, int place) {
    Window window = convolution.window();
    return output * window.strideWidth() + place * window.dilationWidth() - window.padding().left();
  }

  /**
   * Returns the number of blocks of padding after the last block. Windows leave out fewer columns
   * than a stride has, so they read every block.
   */
  private int after() {
    long inputBlocks = convolution.input().shape().get(3) / COLUMNS;
    long outputBlocks = convolution.outputShape().get(3) / outputs;
    return Math.toIntExact(outputBlocks - inputBlocks + width - 1 - before);
  }

  /** Returns the sums of two products in blocks that can saturate with int8 weights. */
  SaturatingPairs saturatingPairs(Elements elements) {
    int depth = COLUMNS * Math.toIntExact(convolution.weightShape().get(1));
    return SaturatingPairs.ofConvolution(
        weights(), depth, outputs * convolution.channels(), 1, elements);
  }

  /** Returns the sums of the convolution of blocks. */
  Sums sums(Sums sums) {
    return sums.repeated(outputs);
  }

  /** Returns the output of the convolution of blocks in the layout of the original one. */
  Value toColumns(Value blocks, OnnxGraph graph) {
    return graph.reshapeImage(blocks, convolution.name(), convolution.outputShape());
  }

  /** Returns the convolution of blocks. */
  Convolution convolution(OnnxGraph graph) {
    List<Long> image = convolution.input().shape();
    Value input =
        graph.reshapeImage(
            convolution.input(),
            convolution.name(),
            List.of(image.get(0), COLUMNS * image.get(1), image.get(2), image.get(3) / COLUMNS));
    Window window = convolution.window();
    Padding padding = window.padding();
    List<Long> shape = convolution.outputShape();
    int channels = convolution.channels();
    return new Convolution(
        convolution.name(),
        input,
        convolution.inputZeroPoint(),
        convolution.inputExponent(),
        weights(),
        List.of(
            (long) outputs * channels,
            COLUMNS * convolution.weightShape().get(1),
            (long) window.height(),
            (long) width),
        convolution.weightType(),
        convolution.weightZeroPoint(),
        Codes.of(
            IntStream.range(0, outputs * channels)
                .map(i -> convolution.bias().get(i % channels))
                .toArray()),
        new Window(
            window.height(),
            width,
            window.strideHeight(),
            1,
            window.dilationHeight(),
            1,
            new Padding(padding.top(), padding.bottom(), before, after())),
        1,
        List.of(shape.get(0), outputs * shape.get(1), shape.get(2), shape.get(3) / outputs));
  }

  private Codes weights() {
    Window window = convolution.window();
    int channels = convolution.channels();
    int depth = Math.toIntExact(convolution.weightShape().get(1));
    int[] weights = new int[outputs * channels * COLUMNS * depth * window.height() * width];
    Arrays.fill(weights, convolution.weightZeroPoint());
    int from = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int in = 0; in < depth; in++) {
        for (int row = 0; row < window.height(); row++) {
          for (int place = 0; place < window.width(); place++) {
            int weight = convolution.weights().get(from++);
            for (int output = 0; output < outputs; output++) {
              int column = before * COLUMNS + column(output, place);
              int filter = output * channels + channel;
              int plane = (filter * COLUMNS + column % COLUMNS) * depth + in;
              weights[(plane * window.height() + row) * width + column / COLUMNS] = weight;
            }
          }
        }
      }
    }
    return Codes.of(weights);
  }
}
