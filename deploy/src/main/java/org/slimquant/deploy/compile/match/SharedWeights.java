package org.slimquant.deploy.compile.match;

import java.util.HashMap;
import java.util.Map;
import org.slimquant.model.Codes;
import org.slimquant.model.Kernel;

/**
 * The kernels and biases of a model, of which layers that have equal ones get the same object: a
 * layer that is called several times has its kernel once.
 *
 * <p>Equal, not from the same variable: then it does not matter on which way a graph reads it, and
 * what is written in one place is the same in all.
 */
public final class SharedWeights {

  private final Map<Kernel, Kernel> kernels = new HashMap<>();
  private final Map<Codes, Codes> biases = new HashMap<>();

  /** Returns the first kernel that was equal to this. */
  Kernel of(Kernel kernel) {
    return kernels.computeIfAbsent(kernel, first -> first);
  }

  /** Returns the first bias that was equal to this. */
  Codes of(Codes bias) {
    return biases.computeIfAbsent(bias, first -> first);
  }
}
