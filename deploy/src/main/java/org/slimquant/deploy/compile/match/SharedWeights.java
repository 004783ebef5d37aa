package org.slimquant.deploy.compile.match;

import java.util.HashMap;
import java.util.Map;
import org.slimquant.model.Codes;
import org.slimquant.model.Kernel;

/**
 * The kernels and biases of a model. Layers with equal ones get the same object, so a layer that is
 * called several times has its kernel once.
 *
 * <p>Kernels are compared by their values, not by their variables. Therefore, it does not matter in
 * which way a graph reads a variable, and all uses of a kernel are the same.
 */
public final class SharedWeights {

  private final Map<Kernel, Kernel> kernels = new HashMap<>();
  private final Map<Codes, Codes> biases = new HashMap<>();

  /** Returns the first kernel that was equal to this kernel. */
  Kernel of(Kernel kernel) {
    return kernels.computeIfAbsent(kernel, first -> first);
  }

  /** Returns the first bias that was equal to this bias. */
  Codes of(Codes bias) {
    return biases.computeIfAbsent(bias, first -> first);
  }
}
