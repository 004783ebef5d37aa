package org.slimquant.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** The tensors of a graph that have a fake quant: each has one, and so one format. */
final class QuantizedTensors {

  /** A tensor's site and the tensor behind its fake quant. */
  record Quantized(Site site, Output<TFloat32> output) {}

  private final Graph graph;
  private final FakeQuant.Form form;
  private final Map<Output<?>, Quantized> quantizedOf = new HashMap<>();
  private final List<Site> sites = new ArrayList<>();

  QuantizedTensors(Graph graph, FakeQuant.Form form) {
    this.graph = graph;
    this.form = form;
  }

  /** Returns the sites in the order of their making. */
  List<Site> sites() {
    return sites;
  }

  /**
   * Returns the one fake quant of {@code tensor}, which is made if it has none. The tensor behind a
   * fake quant is quantized already.
   *
   * @param name the name of a new fake quant, to which a number is added if the graph has such an
   *     op
   * @throws IllegalArgumentException if the tensor has another format
   */
  Quantized quantize(Output<?> tensor, FixedPoint format, String name, Kind kind) {
    requireOneFormat(tensor, format, name);
    Quantized existing = quantizedOf.get(tensor);
    if (existing != null) {
      return existing;
    }
    String unique = uniqueName(name);
    Output<TFloat32> output = FakeQuant.add(graph.baseScope(), unique, tensor, format, form);
    Quantized quantized =
        new Quantized(new Site(unique, kind, Operands.name(tensor), format), output);
    sites.add(quantized.site());
    quantizedOf.put(tensor, quantized);
    quantizedOf.put(output, quantized);
    return quantized;
  }

  /**
   * Checks that {@code tensor} has no format yet or this one.
   *
   * @throws IllegalArgumentException if it has another; the message names both sites
   */
  void requireOneFormat(Output<?> tensor, FixedPoint format, String name) {
    Quantized existing = quantizedOf.get(tensor);
    if (existing != null && !existing.site().format().equals(format)) {
      throw new IllegalArgumentException(
          "a tensor must have one format, but %s is %s in %s and %s in %s; give both the same"
              .formatted(
                  existing.site().tensor(),
                  existing.site().format(),
                  existing.site().name(),
                  format,
                  name));
    }
  }

  private String uniqueName(String name) {
    String unique = name;
    for (int i = 1; graph.operation(unique) != null; i++) {
      unique = "%s_%d".formatted(name, i);
    }
    return unique;
  }
}
