package org.slimquant.runtime.site;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.format.PerChannel;
import org.slimquant.format.Planned;
import org.slimquant.io.ShortList;
import org.slimquant.plan.Origin;
import org.slimquant.plan.OriginMatcher;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.SiteName;
import org.slimquant.plan.Source;
import org.slimquant.runtime.graph.Operands;

/** Answers an annotation's request for a format: from the annotation itself, or from a plan. */
public final class PlannedFormats {

  private final Map<String, Site> planned = new LinkedHashMap<>();
  private final OriginMatcher origins = new OriginMatcher();

  /** The layers that asked for a format, and whether the weights of one of their tensors agreed. */
  private final Map<String, Boolean> recognized = new HashMap<>();

  private final String fingerprint;

  /**
   * Reads a plan.
   *
   * @throws IllegalArgumentException if it has a site twice
   */
  public PlannedFormats(QuantizationPlan plan) {
    this.fingerprint = plan.fingerprint();
    for (Site site : plan.sites()) {
      if (planned.put(site.name(), site) != null) {
        throw new IllegalArgumentException(
            "a plan must have a site once, but has %s twice".formatted(site.name()));
      }
      site.origin().ifPresent(origin -> origins.add(site.name(), origin));
    }
  }

  /**
   * Returns the site of a tensor.
   *
   * @param name the name of the site, which may have a number that the request's has not
   * @throws IllegalStateException if the annotation leaves the format to calibration and the plan
   *     does not have it
   * @throws IllegalArgumentException if the plan's site is of another kind, width or sign than the
   *     annotation's, has not as many exponents, or was calibrated on another tensor; if it differs
   *     from the plan with which the model was compiled; or if the format is not for such a tensor
   */
  Site site(String name, SiteRequest request) {
    String tensor = Operands.name(request.tensor());
    if (request.format() instanceof FixedPoint format) {
      return annotated(name, request.kind(), tensor, format);
    }
    if (request.format() instanceof PerChannel format) {
      return annotated(name, request.kind(), tensor, format);
    }
    if (request.format() instanceof Planned format) {
      Site site = compiled(name, request.kind(), tensor, format);
      Optional.ofNullable(planned.get(name)).ifPresent(given -> requireSameOrigin(given, request));
      return site;
    }
    Site site = planned.get(name);
    if (site == null) {
      throw new IllegalStateException(
          "%s must be in the plan, because its annotation gives no %s, but %s"
              .formatted(
                  name,
                  request.kind() == Kind.SUM ? "sumFrac" : "frac",
                  absence(name, request.name())));
    }
    if (site.kind() != request.kind()) {
      throw new IllegalArgumentException(
          "%s must be of kind %s, but is of kind %s in the plan; calibrate the model again"
              .formatted(name, word(request.kind()), word(site.kind())));
    }
    requireSameOrigin(site, request);
    Calibrated wanted = (Calibrated) request.format();
    if (!wanted.allows(site.format())) {
      throw new IllegalArgumentException(
          "%s must be %s, as its annotation says, but is %s in the plan; calibrate the model again"
              .formatted(name, wanted.formats(), site.format()));
    }
    requireFits(name, site.kind(), site.format());
    return new Site(
        name, site.kind(), tensor, site.format(), site.source(), site.measure(), site.origin());
  }

  /** Checks that a tensor can be the one that a site of the plan was calibrated on. */
  private void requireSameOrigin(Site site, SiteRequest request) {
    if (site.origin().isPresent() && request.origin().isPresent()) {
      origins.requireSame(site.name(), site.kind(), site.origin().get(), request.origin().get());
    }
    recognized.merge(
        SiteName.callOf(site.name()),
        hasWeights(site.origin()) && hasWeights(request.origin()),
        Boolean::logicalOr);
  }

  private static boolean hasWeights(Optional<Origin> origin) {
    return origin.flatMap(Origin::weights).isPresent();
  }

  /**
   * Returns remarks on the layers of which the plan has more calls than the graph, if the calls of
   * the graph may be others than those of the same names in the plan: nothing distinguishes their
   * weights.
   */
  List<Remark> remarks() {
    List<Remark> remarks = new ArrayList<>();
    Set<String> remarked = new HashSet<>();
    for (String name : planned.keySet()) {
      String layer = SiteName.callOf(name);
      String first = SiteName.firstCall(layer);
      if (!recognized.containsKey(layer)
          && Boolean.FALSE.equals(recognized.get(first))
          && remarked.add(first)) {
        remarks.add(
            new Remark(
                name,
                ("is in the plan, but the graph has fewer calls of layer %s; if one before the last"
                        + " was left out, those after it have its neighbours' formats, and the model"
                        + " must be calibrated again")
                    .formatted(first)));
      }
    }
    return remarks;
  }

  /** Returns the reason why the plan does not have a site, and the remedy. */
  private String absence(String name, String requested) {
    if (!name.equals(requested)) {
      return ("the graph has %s already, because it holds a model that another quantizer built;"
              + " build each model in a graph of its own, or with the quantizer of the first")
          .formatted(requested);
    }
    String layer = SiteName.callOf(name);
    String first = SiteName.firstCall(layer);
    if (hasLayer(first) && !hasLayer(layer)) {
      return ("the plan has fewer calls of layer %s: the graph holds a model already, or the network"
              + " has changed; build each model in a graph of its own, or calibrate the network with"
              + " all its calls")
          .formatted(first);
    }
    return (planned.isEmpty()
            ? "the plan has no sites"
            : hasLayer(layer)
                ? "the plan has only others of the layer, as the layer or SlimQuant has changed"
                : "the plan has other layers, " + ShortList.of(layers()))
        + "; calibrate again: build the model with CalibratingQuantizer.of and make a plan with"
        + " Calibrator";
  }

  private boolean hasLayer(String layer) {
    return layers().anyMatch(layer::equals);
  }

  private Stream<String> layers() {
    return planned.keySet().stream().map(SiteName::callOf);
  }

  /**
   * Returns a site whose format the compiler took from a plan; this plan must have the same format.
   */
  private Site compiled(String name, Kind kind, String tensor, Planned request) {
    Site site = planned.get(name);
    if (site != null && !(site.kind() == kind && site.format().equals(request.format()))) {
      throw new IllegalArgumentException(
          ("%s must be %s of kind %s, as in %s when the model was compiled (fingerprint %s), but is"
                  + " %s of kind %s in the plan that is given (%s); compile the model again, with the"
                  + " option slimquant.plan and the plan in its directory, or give no plan")
              .formatted(
                  name,
                  request.format(),
                  word(kind),
                  request.plan().file(),
                  request.plan().fingerprint(),
                  site.format(),
                  word(site.kind()),
                  fingerprint));
    }
    return known(
        name, kind, tensor, request.format(), new Source.CompileTime(request.plan().fingerprint()));
  }

  private Site annotated(String name, Kind kind, String tensor, Format format) {
    return known(name, kind, tensor, format, new Source.Annotation());
  }

  /** Returns a site whose format is known without the plan, which may have measured it. */
  private Site known(String name, Kind kind, String tensor, Format format, Source source) {
    requireFits(name, kind, format);
    return new Site(
        name,
        kind,
        tensor,
        format,
        source,
        Optional.ofNullable(planned.get(name))
            .filter(site -> site.format().equals(format))
            .flatMap(Site::measure));
  }

  /**
   * Checks that a tensor of a kind may have a format.
   *
   * @throws IllegalArgumentException if it may not: only kernels have channels
   */
  static void requireFits(String name, Kind kind, Format format) {
    if (format instanceof PerChannel && kind != Kind.KERNEL) {
      throw new IllegalArgumentException(
          "%s must have one exponent, because only kernels have channels, but has %s"
              .formatted(name, format));
    }
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
