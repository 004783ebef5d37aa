package org.slimquant.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** A fake quant at every site, whose output is read in the tensor's place. */
final class FakeQuants implements SiteOps {

  private final Graph graph;
  private final FakeQuant.Form form;
  private final Formats formats;
  private final Map<String, Site> sites = new LinkedHashMap<>();

  FakeQuants(Graph graph, FakeQuant.Form form, Formats formats) {
    this.graph = graph;
    this.form = form;
    this.formats = formats;
  }

  @Override
  public void check(SiteRequest request) {
    formats.site(request.name(), request);
  }

  @Override
  public Output<TFloat32> add(String name, SiteRequest request) {
    Site site = formats.site(name, request);
    Output<TFloat32> output =
        FakeQuant.add(graph.baseScope(), name, request.tensor(), (FixedPoint) site.format(), form);
    sites.put(name, site);
    return output;
  }

  /** Calibration gives a tensor that has a format no other. */
  @Override
  public void checkAgain(String site, SiteRequest request) {
    Site existing = Objects.requireNonNull(sites.get(site));
    Format format = existing.format();
    FormatRequest wanted = request.format();
    boolean same =
        wanted instanceof Calibrated
            ? format.bits() == wanted.bits() && format.signed() == wanted.signed()
            : format.equals(wanted);
    if (!same) {
      throw SiteOps.twoFormats(existing.tensor(), site, format, request);
    }
  }

  @Override
  public void addAgain(String site, SiteRequest request) {}

  @Override
  public List<Site> sites() {
    return List.copyOf(sites.values());
  }

  @Override
  public List<ObservedSite> observed() {
    return List.of();
  }
}
