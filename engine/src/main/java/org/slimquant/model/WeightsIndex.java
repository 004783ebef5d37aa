package org.slimquant.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The kernels and biases of a file, each once, in the order in which ops first refer to them. */
final class WeightsIndex {

  private final Map<Kernel, Integer> kernels = new LinkedHashMap<>();
  private final Map<Codes, Integer> biases = new LinkedHashMap<>();

  /** Returns the index of a kernel in the file. Equal ones have the same index. */
  int index(Kernel kernel) {
    return index(kernels, kernel);
  }

  /** Returns the index of a bias in the file. Equal ones have the same index. */
  int index(Codes bias) {
    return index(biases, bias);
  }

  Set<Kernel> kernels() {
    return kernels.keySet();
  }

  Set<Codes> biases() {
    return biases.keySet();
  }

  private static <T> int index(Map<T, Integer> table, T element) {
    Integer next = table.size();
    Integer index = table.putIfAbsent(element, next);
    return index == null ? next : index;
  }
}
