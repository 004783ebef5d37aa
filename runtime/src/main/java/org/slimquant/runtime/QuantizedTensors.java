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
  private final Formats formats;
  private final Map<Output<?>, Quantized> quantizedOf = new HashMap<>();
  private final List<Site> sites = new ArrayList<>();

  QuantizedTensors(Graph graph, FakeQuant.Form form, Formats formats) {
    this.graph = graph;
    this.form = form;
    this.formats = formats;
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
   * @throws IllegalStateException if calibration is to find the format and the plan does not have
   *     it
   * @throws IllegalArgumentException if the tensor has another format
   */
  Quantized quantize(Output<?> tensor, String name, Kind kind, FormatRequest request) {
    requireOneFormat(tensor, name, kind, request);
    Quantized existing = quantizedOf.get(tensor);
    if (existing != null) {
      return existing;
    }
    Site site = formats.site(uniqueName(name), kind, tensor, request);
    Output<TFloat32> output =
        FakeQuant.add(graph.baseScope(), site.name(), tensor, (FixedPoint) site.format(), form);
    Quantized quantized = new Quantized(site, output);
    sites.add(site);
    quantizedOf.put(tensor, quantized);
    quantizedOf.put(output, quantized);
    return quantized;
  }

  /**
   * Checks that {@code tensor} has no format yet or this one. Calibration gives a tensor that has
   * one no other.
   *
   * @throws IllegalArgumentException if it has another; the message names both sites
   */
  void requireOneFormat(Output<?> tensor, String name, Kind kind, FormatRequest request) {
    Quantized existing = quantizedOf.get(tensor);
    if (existing == null) {
      formats.site(name, kind, tensor, request);
      return;
    }
    Format format = existing.site().format();
    boolean same =
        request instanceof Calibrated
            ? format.bits() == request.bits() && format.signed() == request.signed()
            : format.equals(request);
    if (!same) {
      throw new IllegalArgumentException(
          "a tensor must have one format, but %s is %s in %s and %s in %s; give both the same"
              .formatted(existing.site().tensor(), format, existing.site().name(), request, name));
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
