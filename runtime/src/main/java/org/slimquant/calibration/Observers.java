package org.slimquant.calibration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.Calibrated;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.Planned;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.graph.Operands;
import org.slimquant.runtime.site.PlannedSite;
import org.slimquant.runtime.site.SiteInstrumentation;
import org.slimquant.runtime.site.SiteRequest;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/**
 * Puts an observer at every site, which only the calibrator reads. The readers of the tensor stay
 * as they are.
 *
 * <pre>{@code
 * Relu ─┬─▶ MaxPool
 *       └─▶ conv1/SlimQuant/output
 * }</pre>
 */
final class Observers implements SiteInstrumentation {

  private final Graph graph;
  private final Map<String, ObservedSite> sites = new LinkedHashMap<>();

  Observers(Graph graph) {
    this.graph = graph;
  }

  @Override
  public PlannedSite plan(String name, SiteRequest request) {
    return new PlannedSite(name, request, Optional.empty());
  }

  @Override
  public Output<TFloat32> add(PlannedSite site) {
    String name = site.name();
    SiteRequest request = site.request();
    Output<?> tensor = request.tensor();
    List<Output<?>> fetches =
        request.channels().isPresent()
            ? List.of(Observer.copy(graph, name, tensor))
            : Observer.add(graph, name, tensor, request.kind());
    sites.put(
        name,
        new ObservedSite(
            name,
            request.kind(),
            Operands.name(tensor),
            toBeFound(request.format()),
            fetches,
            request.channels(),
            request.origin()));
    return itself(tensor);
  }

  /** Adds nothing: the format of a bias follows from others. */
  @Override
  public Output<TFloat32> addBias(String name, Output<?> bias, BiasFormat format) {
    return itself(bias);
  }

  @Override
  public PlannedSite planAgain(String site, SiteRequest request) {
    ObservedSite existing = site(site);
    FormatRequest first = existing.request();
    if (both(first, toBeFound(request.format())).isEmpty()) {
      throw SiteInstrumentation.twoFormats(
          existing.tensor(), site, first, request.name(), request.format());
    }
    return new PlannedSite(site, request, Optional.empty());
  }

  /**
   * The value gets a format, or a sign, that any annotation gives, so that the plan satisfies all
   * of them.
   */
  @Override
  public void unite(List<String> names, FormatRequest again) {
    FormatRequest united = toBeFound(again);
    for (String name : names) {
      united = both(site(name).request(), united).orElse(united);
    }
    for (String name : names) {
      sites.put(name, site(name).withRequest(united));
    }
  }

  /** Returns the request that satisfies two annotations, if there is one. */
  private static Optional<FormatRequest> both(FormatRequest first, FormatRequest again) {
    if (first instanceof Calibrated calibrated) {
      return again instanceof Calibrated other
          ? calibrated.and(other).map(request -> request)
          : Optional.of(again)
              .filter(fixed -> fixed instanceof Format format && calibrated.allows(format));
    }
    return again instanceof Calibrated
        ? both(again, first)
        : Optional.of(first).filter(again::equals);
  }

  /** Returns the request of the annotation: calibration finds anew the formats of an older plan. */
  private static FormatRequest toBeFound(FormatRequest request) {
    return request instanceof Planned planned ? planned.request() : request;
  }

  private ObservedSite site(String name) {
    return Objects.requireNonNull(sites.get(name));
  }

  @Override
  public List<Site> sites() {
    return List.of();
  }

  /** Returns the observed sites in the order in which they were added. */
  List<ObservedSite> observed() {
    return List.copyOf(sites.values());
  }

  private static Output<TFloat32> itself(Output<?> tensor) {
    return ((GraphOperation) tensor.op()).output(tensor.index());
  }
}
