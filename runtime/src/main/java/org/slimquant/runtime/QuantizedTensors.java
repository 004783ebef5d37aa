package org.slimquant.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slimquant.runtime.QuantizationPlan.Kind;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** The tensors of a graph that have a fake quant: each has one, and so one format. */
final class QuantizedTensors {

  /** A tensor's site and the tensor behind its fake quant. */
  record Quantized(Site site, Output<TFloat32> output) {}

  /** A bias that is added to accumulators of one grid. */
  private record BiasOnGrid(Output<?> tensor, BiasFormat format) {}

  private final Graph graph;
  private final FakeQuant.Form form;
  private final Formats formats;
  private final Map<Output<?>, Quantized> quantizedOf = new HashMap<>();
  private final Map<Output<?>, Channels> channelsOf = new HashMap<>();
  private final Map<BiasOnGrid, Quantized> biases = new HashMap<>();
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
    return add(site, tensor, fakeQuant(site, tensor));
  }

  /**
   * Returns the one fake quant of a kernel, which is made if it has none.
   *
   * @param layer the layer's name, for messages
   */
  Quantized quantizeKernel(Edge kernel, String layer, String name, FormatRequest request) {
    if (requireKernelFormat(kernel, layer, name, request) instanceof PerChannel) {
      channelsOf.putIfAbsent(kernel.source(), Channels.of(kernel, layer));
    }
    return quantize(kernel.source(), name, Kind.KERNEL, request);
  }

  /**
   * Returns the one fake quant of a bias for accumulators of one grid, which is made if it has
   * none.
   */
  Quantized quantizeBias(Output<?> bias, String name, BiasFormat format) {
    BiasOnGrid key = new BiasOnGrid(bias, format);
    Quantized existing = biases.get(key);
    if (existing != null) {
      return existing;
    }
    Site site =
        new Site(
            uniqueName(name),
            Kind.BIAS,
            Operands.name(bias),
            format,
            new Source.Derived(),
            Optional.empty());
    Quantized quantized =
        new Quantized(site, BiasFakeQuant.add(graph.baseScope(), site.name(), bias, format));
    sites.add(site);
    biases.put(key, quantized);
    return quantized;
  }

  private Quantized add(Site site, Output<?> tensor, Output<TFloat32> output) {
    Quantized quantized = new Quantized(site, output);
    sites.add(site);
    quantizedOf.put(tensor, quantized);
    quantizedOf.put(output, quantized);
    return quantized;
  }

  private Output<TFloat32> fakeQuant(Site site, Output<?> tensor) {
    Channels channels = channelsOf.get(tensor);
    if (site.format() instanceof PerChannel format && channels != null) {
      return PerChannelFakeQuant.add(
          graph.baseScope(), site.name(), tensor, format, channels.broadcastShape(), form);
    }
    return FakeQuant.add(graph.baseScope(), site.name(), tensor, (FixedPoint) site.format(), form);
  }

  /**
   * Checks that a kernel has no format yet or this one, and if it is per channel, that it fits the
   * kernel.
   *
   * @param layer the layer's name, for messages
   * @return the format that the kernel has or gets
   * @throws IllegalArgumentException if it has another format, or if the format is one for another
   *     number of channels, or for channels along other axes
   */
  Format requireKernelFormat(Edge kernel, String layer, String name, FormatRequest request) {
    Format format = requireOneFormat(kernel.source(), name, Kind.KERNEL, request);
    if (format instanceof PerChannel perChannel) {
      Channels channels = Channels.of(kernel, layer);
      channels.requireCount(perChannel, layer);
      Channels existing = channelsOf.getOrDefault(kernel.source(), channels);
      if (!existing.equals(channels)) {
        throw new IllegalArgumentException(
            ("a kernel that layers share must have its channels along the same axes, but %s has"
                    + " them along %s in layer %s and %s before; take perChannel = true away")
                .formatted(
                    Operands.name(kernel.source()), channels.axes(), layer, existing.axes()));
      }
    }
    return format;
  }

  /**
   * Checks that {@code tensor} has no format yet or this one. Calibration gives a tensor that has
   * one no other.
   *
   * @return the format that the tensor has or gets
   * @throws IllegalArgumentException if it has another, the message names both sites; or if the
   *     format is not for such a tensor
   */
  Format requireOneFormat(Output<?> tensor, String name, Kind kind, FormatRequest request) {
    Quantized existing = quantizedOf.get(tensor);
    if (existing == null) {
      return requireFits(formats.site(name, kind, tensor, request));
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
    return format;
  }

  private static Format requireFits(Site site) {
    boolean fits =
        site.format() instanceof FixedPoint
            || (site.format() instanceof PerChannel && site.kind() == Kind.KERNEL);
    if (!fits) {
      throw new IllegalArgumentException(
          (site.kind() == Kind.KERNEL
                  ? "%s must have the format of a kernel, but has %s; mend the plan"
                  : "%s must have one exponent, because only kernels have channels, but has %s;"
                      + " mend the plan")
              .formatted(site.name(), site.format()));
    }
    return site.format();
  }

  private String uniqueName(String name) {
    String unique = name;
    for (int i = 1; graph.operation(unique) != null; i++) {
      unique = "%s_%d".formatted(name, i);
    }
    return unique;
  }
}
