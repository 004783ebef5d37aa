package org.slimquant.runtime.site;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.graph.Operands;
import org.slimquant.runtime.graph.Variables;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** The tensors of a graph that have a site: each has one, and so one format. */
public final class QuantizedTensors {

  /** The name of a tensor's site, and the tensor that is read in its place. */
  public record Quantized(String site, Output<TFloat32> output) {}

  /** A bias that is added to accumulators of one grid. */
  private record BiasOnGrid(Output<?> tensor, BiasFormat format) {}

  private final Graph graph;
  private final SiteInstrumentation instrumentation;
  private final Map<Output<?>, Quantized> quantizedOf = new HashMap<>();

  /** The names of a variable's sites, of which each op that reads it has one. */
  private final Map<Output<?>, List<String>> sitesOf = new HashMap<>();

  private final Map<BiasOnGrid, Quantized> biases = new HashMap<>();
  private final Set<Remark> remarks = new LinkedHashSet<>();

  public QuantizedTensors(Graph graph, SiteInstrumentation instrumentation) {
    this.graph = graph;
    this.instrumentation = instrumentation;
  }

  /** Returns the quantized tensors, in the order in which their sites were added. */
  public List<Site> sites() {
    return instrumentation.sites();
  }

  /**
   * Returns remarks on the requested sites that are sites of another name, because layers share the
   * tensor, and on sites that were not requested although the request could have meant them.
   */
  public List<Remark> remarks() {
    return Stream.of(remarks, instrumentation.remarks()).flatMap(Collection::stream).toList();
  }

  /**
   * Plans the one site of a tensor: the one that it has, or a new one. A tensor that a fake quant
   * returned has a site already. A number is added to the name of a new site if the graph has an op
   * of that name.
   *
   * @throws IllegalStateException if the annotation leaves the format to calibration and the plan
   *     does not have it
   * @throws IllegalArgumentException if the tensor has another format, the message names both
   *     sites; or if the format is not for such a tensor
   */
  public PlannedSite plan(SiteRequest request) {
    Quantized existing = quantizedOf.get(request.tensor());
    if (existing != null) {
      return instrumentation.planAgain(existing.site(), request);
    }
    PlannedSite site = instrumentation.plan(uniqueName(request.name()), request);
    List<String> sites = sitesOf(request);
    if (!sites.isEmpty()) {
      requireSameFormat(sites.get(0), site);
    }
    return site;
  }

  /** Adds a site, unless its tensor has one. */
  public Quantized add(PlannedSite site) {
    SiteRequest request = site.request();
    Quantized existing = quantizedOf.get(request.tensor());
    if (existing != null) {
      instrumentation.unite(sitesOf(request), request.format());
      if (!existing.site().equals(request.name())) {
        remarks.add(new Remark(request.name(), "is " + existing.site()));
      }
      return existing;
    }
    Quantized quantized = new Quantized(site.name(), instrumentation.add(site));
    quantizedOf.put(request.tensor(), quantized);
    quantizedOf.put(quantized.output(), quantized);
    List<String> sites = sitesOf(request);
    sites.add(site.name());
    instrumentation.unite(sites, request.format());
    return quantized;
  }

  /**
   * Returns the one site of a bias for accumulators of one grid, which is made if it has none.
   *
   * @param name the name of a new site, to which a number is added if the graph has such an op
   */
  Quantized quantizeBias(Output<?> bias, String name, BiasFormat format) {
    BiasOnGrid key = new BiasOnGrid(bias, format);
    Quantized existing = biases.get(key);
    if (existing != null) {
      return existing;
    }
    String site = uniqueName(name);
    Quantized quantized = new Quantized(site, instrumentation.addBias(site, bias, format));
    biases.put(key, quantized);
    return quantized;
  }

  /** Returns the site of a tensor, if it has one. */
  public Optional<String> siteOf(Output<?> tensor) {
    return Optional.ofNullable(quantizedOf.get(tensor)).map(Quantized::site);
  }

  /** Returns all sites of the value that a tensor has, in the order in which they were added. */
  List<String> sitesOf(Output<?> tensor) {
    return List.copyOf(sitesOf.getOrDefault(Variables.identity(tensor), List.of()));
  }

  private List<String> sitesOf(SiteRequest request) {
    return sitesOf.computeIfAbsent(
        Variables.identity(request.tensor()), value -> new ArrayList<>());
  }

  /** Checks that a variable gets the format that it has at another op that reads it. */
  private void requireSameFormat(String first, PlannedSite again) {
    SiteRequest request = again.request();
    Optional<Format> existing = instrumentation.planAgain(first, request).format();
    if (!existing.equals(again.format())) {
      throw SiteInstrumentation.twoFormats(
          Operands.name(request.tensor()),
          first,
          existing.orElseThrow(),
          request.name(),
          again.format().orElseThrow());
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
