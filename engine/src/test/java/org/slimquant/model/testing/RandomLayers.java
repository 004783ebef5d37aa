package org.slimquant.model.testing;

import java.util.List;
import java.util.Random;
import org.slimquant.model.Codes;
import org.slimquant.model.Conv2D;
import org.slimquant.model.Dense;
import org.slimquant.model.DepthwiseConv2D;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;
import org.slimquant.model.Window;

/** Layers with weights. */
final class RandomLayers {

  private final Random random;
  private final RandomWindows windows;
  private final Weights weights;
  private final RandomOutputs outputs;

  RandomLayers(Random random, RandomWindows windows, Weights weights, RandomOutputs outputs) {
    this.random = random;
    this.windows = windows;
    this.weights = weights;
    this.outputs = outputs;
  }

  Conv2D conv(IntegerTensor input) {
    int depth = input.shape().get(2);
    int channels = channels();
    Window window = windows.convolution(input);
    Kernel kernel =
        weights.kernel(input, List.of(window.height(), window.width(), depth, channels), channels);
    Codes bias = weights.bias(input, kernel, channels);
    IntegerTensor output =
        outputs.tensor(
            RandomOutputs.slide(window, input, channels), weights.output(input, kernel, bias));
    return new Conv2D(
        outputs.name("conv"), input, kernel, bias, window, outputs.range(output), output);
  }

  DepthwiseConv2D depthwise(IntegerTensor input) {
    int depth = input.shape().get(2);
    int multiplier = random.nextBoolean() ? 1 : 1 + random.nextInt(3);
    int channels = depth * multiplier;
    Window window = windows.convolution(input);
    Kernel kernel =
        weights.kernel(
            input, List.of(window.height(), window.width(), depth, multiplier), channels);
    Codes bias = weights.bias(input, kernel, channels);
    IntegerTensor output =
        outputs.tensor(
            RandomOutputs.slide(window, input, channels), weights.output(input, kernel, bias));
    return new DepthwiseConv2D(
        outputs.name("depthwise"), input, kernel, bias, window, outputs.range(output), output);
  }

  Dense dense(IntegerTensor input) {
    int channels = channels();
    Kernel kernel = weights.kernel(input, List.of(input.size(), channels), channels);
    Codes bias = weights.bias(input, kernel, channels);
    IntegerTensor output = outputs.tensor(List.of(channels), weights.output(input, kernel, bias));
    return new Dense(outputs.name("dense"), input, kernel, bias, outputs.range(output), output);
  }

  private int channels() {
    return 1 + random.nextInt(random.nextInt(3) > 0 ? 8 : 40);
  }
}
