package org.slimquant.deploy.certificate;

import java.util.List;
import java.util.Random;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.AveragePool;
import org.slimquant.model.CodeRange;
import org.slimquant.model.Codes;
import org.slimquant.model.Concat;
import org.slimquant.model.Conv2D;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerModel;
import org.slimquant.model.IntegerOp;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.MaxPool;
import org.slimquant.model.Padding;
import org.slimquant.model.Window;
import org.slimquant.model.testing.RandomModel;
import org.slimquant.model.testing.Variety;

/** Models that are certified, of ops that TensorFlow has. */
public final class CertifiedModels {

  private static final Variety CERTIFIED = certified(Variety.any());

  private CertifiedModels() {}

  /** Returns those models of a variety that are certified, with weights near the bounds. */
  public static Variety certified(Variety variety) {
    return variety
        .with(WeightsNearTheBounds::new)
        .ofOps(CertifiedModels::isInTensorFlow)
        .accepting(model -> ExactnessCertificate.of(model).exact());
  }

  /** Returns a model of random ops, shapes, formats, weights and biases, many near the bounds. */
  static IntegerModel random(long seed) {
    return RandomModel.of(seed, CERTIFIED);
  }

  /** Returns an int8 convolution of an image of as many channels as before. */
  static IntegerModel convolution(Random random, int length, int channels, int size) {
    FixedPoint format = FixedPoint.signed(8, -4);
    List<Integer> shape = List.of(length, length, channels);
    IntegerTensor output = new IntegerTensor("output", shape, format);
    // Of 5 bits, so that the largest window is certified whatever its weights.
    int[] codes = random.ints((long) size * size * channels * channels, -15, 16).toArray();
    return OneOp.model(
        new Conv2D(
            "conv",
            new IntegerTensor("input", shape, format),
            Kernel.of(List.of(size, size, channels, channels), FixedPoint.signed(5, -8), codes),
            Codes.of(random.ints(channels, -1000, 1000).toArray()),
            Window.of(size, size).withSamePadding(length, length),
            CodeRange.relu(format),
            output));
  }

  private static boolean isInTensorFlow(IntegerOp op) {
    if (op instanceof Conv2D conv) {
      Window window = conv.window();
      boolean slides = window.strideHeight() == 1 && window.strideWidth() == 1;
      // TensorFlow has no strides with dilations on every device.
      return slides || !isDilated(window);
    } else if (op instanceof DepthwiseConv2D conv) {
      // TensorFlow's depthwise kernel wants one stride for both directions.
      Window window = conv.window();
      return window.strideHeight() == window.strideWidth() && !isDilated(window);
    } else if (op instanceof MaxPool pool) {
      return isPooling(pool.window(), pool.input());
    } else if (op instanceof AveragePool pool) {
      // As a mean over space it has no padding.
      Window image = Window.of(pool.input().shape().get(0), pool.input().shape().get(1));
      return pool.output().rank() == 1
          ? pool.window().equals(image)
          : isPooling(pool.window(), pool.input());
    } else if (op instanceof Concat concat) {
      return concat.inputs().size() > 1;
    }
    return true;
  }

  private static boolean isDilated(Window window) {
    return window.dilationHeight() > 1 || window.dilationWidth() > 1;
  }

  private static boolean isPooling(Window window, IntegerTensor input) {
    int rows = input.shape().get(0);
    int columns = input.shape().get(1);
    boolean padded =
        window.padding().equals(Padding.NONE)
            || window.equals(window.withSamePadding(rows, columns));
    return padded && window.height() <= rows && window.width() <= columns;
  }
}
