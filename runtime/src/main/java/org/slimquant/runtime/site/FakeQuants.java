package org.slimquant.runtime.site;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slimquant.format.BiasFormat;
import org.slimquant.format.Calibrated;
import org.slimquant.format.Format;
import org.slimquant.format.FormatRequest;
import org.slimquant.format.PerChannel;
import org.slimquant.format.Planned;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;
import org.slimquant.runtime.fakequant.FakeQuantPlacement;
import org.slimquant.runtime.graph.Channels;
import org.slimquant.runtime.graph.Operands;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** Puts a fake quant at every site, whose output is read in the tensor's place. */
public final class FakeQuants implements SiteInstrumentation {

  private final FakeQuantPlacement placement;
  private final PlannedFormats formats;
  private final Map<String, Site> sites = new LinkedHashMap<>();

  /** The channels of the kernels that are quantized per channel, by the names of their sites. */
  private final Map<String, Channels> channelsOf = new HashMap<>();

  public FakeQuants(FakeQuantPlacement placement, PlannedFormats formats) {
    this.placement = placement;
    this.formats = formats;
  }

  @Override
  public PlannedSite plan(String name, SiteRequest request) {
    Site site = formats.site(name, request);
    if (site.format() instanceof PerChannel perChannel) {
      String remedy =
          request.format() instanceof Planned
              ? "calibrate the model again, and compile it with the new plan"
              : "calibrate the model again";
      channels(request).requireCount(perChannel, name, remedy);
    }
    return new PlannedSite(name, request, Optional.of(site));
  }

  @Override
  public Output<TFloat32> add(PlannedSite planned) {
    Site site = planned.site().orElseThrow();
    SiteRequest request = planned.request();
    Output<TFloat32> output = placement.add(site, request.tensor(), request.channels());
    sites.put(site.name(), site);
    if (site.format() instanceof PerChannel) {
      channelsOf.put(site.name(), channels(request));
    }
    return output;
  }

  @Override
  public Output<TFloat32> addBias(String name, Output<?> bias, BiasFormat format) {
    Site site =
        new Site(
            name, Kind.BIAS, Operands.name(bias), format, new Source.Derived(), Optional.empty());
    Output<TFloat32> output = placement.add(site, bias, Optional.empty());
    sites.put(name, site);
    return output;
  }

  /** Calibration gives no other format to a tensor that has one. */
  @Override
  public PlannedSite planAgain(String site, SiteRequest request) {
    Site existing = Objects.requireNonNull(sites.get(site));
    Format format = existing.format();
    FormatRequest wanted = request.format();
    boolean same =
        wanted instanceof Calibrated calibrated
            ? calibrated.allows(format)
            : format.equals(wanted instanceof Planned planned ? planned.format() : wanted);
    if (!same) {
      throw SiteInstrumentation.twoFormats(
          existing.tensor(), site, format, request.name(), request.format());
    }
    if (format instanceof PerChannel) {
      PlannedFormats.requireFits(request.name(), request.kind(), format);
      requireSameAxes(existing, request);
    }
    return new PlannedSite(site, request, Optional.of(existing));
  }

  private void requireSameAxes(Site existing, SiteRequest request) {
    Channels first = Objects.requireNonNull(channelsOf.get(existing.name()));
    Channels again = channels(request);
    if (!again.equals(first)) {
      throw new IllegalArgumentException(
          ("a kernel that layers share must have its channels along the same axes, but %s has them"
                  + " along %s in %s and %s in %s; take perChannel = true away")
              .formatted(
                  existing.tensor(), first.axes(), existing.name(), again.axes(), request.name()));
    }
  }

  @Override
  public void unite(List<String> sites, FormatRequest again) {}

  @Override
  public List<Site> sites() {
    return List.copyOf(sites.values());
  }

  @Override
  public List<Remark> remarks() {
    return formats.remarks();
  }

  /** Returns the channels of a request for a kernel: only these have formats with channels. */
  private static Channels channels(SiteRequest request) {
    return request.channels().orElseThrow();
  }
}
