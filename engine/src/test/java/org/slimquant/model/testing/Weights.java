package org.slimquant.model.testing;

import java.util.List;
import java.util.Random;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.Codes;
import org.slimquant.model.IntegerTensor;
import org.slimquant.model.Kernel;

/** The kernel, the biases and the output's grid of a random layer. */
public interface Weights {

  /** A source of the weights of one model, from its random numbers and formats. */
  @FunctionalInterface
  interface Source {
    Weights of(Random random, RandomFormats formats);
  }

  /** Returns the kernel of a layer that reads a tensor. */
  Kernel kernel(IntegerTensor input, List<Integer> shape, int channels);

  /** Returns a bias for each channel. */
  Codes bias(IntegerTensor input, Kernel kernel, int channels);

  /** Returns a format in which the layer's codes are mostly neither all 0 nor all saturated. */
  FixedPoint output(IntegerTensor input, Kernel kernel, Codes bias);
}
