package org.slimquant.processor.reading;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ListMultimap;
import java.util.List;
import java.util.Optional;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.SiteName;
import org.slimquant.processor.model.LayerMethod;
import org.slimquant.processor.model.LayerResult;
import org.slimquant.processor.model.Parameter.Role;

/** The sites of a plan, each assigned to the layer of the model that it belongs to. */
final class SitesByLayer {

  private final ImmutableList<LayerMethod> layers;
  private final String file;
  private final PlanErrors errors;

  /** The sites of all calls, by the name of the first call's site. */
  private final ListMultimap<String, Site> sites = ArrayListMultimap.create();

  private SitesByLayer(ImmutableList<LayerMethod> layers, String file, PlanErrors errors) {
    this.layers = layers;
    this.file = file;
    this.errors = errors;
  }

  /**
   * Returns the sites of a plan that belong to layers; the others are reported.
   *
   * @param file the name of the plan's file for messages
   */
  static SitesByLayer of(
      ImmutableList<LayerMethod> layers, QuantizationPlan plan, String file, PlanErrors errors) {
    SitesByLayer sites = new SitesByLayer(layers, file, errors);
    plan.sites().forEach(sites::assign);
    return sites;
  }

  /** Returns the sites of all calls of a layer, by the name of the site in its first call. */
  List<Site> calls(String nameOfFirst) {
    return sites.get(nameOfFirst);
  }

  /** Returns the name of a site in a layer's first call. */
  static String siteName(LayerMethod layer, String part) {
    return new SiteName(layer.name(), part).toString();
  }

  /** Assigns a site to the layer that it belongs to. */
  private void assign(Site site) {
    Optional<SiteName> name = SiteName.parse(site.name());
    Optional<LayerMethod> layer = name.flatMap(parsed -> layerOf(parsed.call()));
    if (layer.isEmpty()) {
      errors.atModel(
          "a site of %s must be one of %s, but %s belongs to no layer"
              .formatted(file, errors.modelName(), site.name()));
      return;
    }
    String part = name.orElseThrow().part();
    if (!hasPart(layer.get(), site.kind(), part)) {
      errors.at(
          layer.get(),
          layer.get().element(),
          "a site of %s must be one of %s, but %s, of kind %s, is none of layer %s"
              .formatted(file, errors.modelName(), site.name(), site.kind(), layer.get().name()));
      return;
    }
    sites.put(siteName(layer.get(), part), site);
  }

  private Optional<LayerMethod> layerOf(String path) {
    String scope = path.substring(path.lastIndexOf('/') + 1);
    Optional<LayerMethod> exact = layerNamed(scope);
    return exact.or(() -> layerNamed(SiteName.firstCall(scope)));
  }

  private Optional<LayerMethod> layerNamed(String name) {
    return layers.stream().filter(layer -> layer.name().equals(name)).findFirst();
  }

  private static boolean hasPart(LayerMethod layer, Kind kind, String part) {
    return switch (kind) {
      case KERNEL -> part.equals(SiteName.KERNEL);
      case BIAS -> part.equals(SiteName.BIAS);
      case SUM -> part.equals(SiteName.SUM);
      case OUTPUT ->
          layer.result() instanceof LayerResult.Components named
              ? named.components().contains(part)
              : isOneOf(part, SiteName.OUTPUT, !(layer.result() instanceof LayerResult.One));
      case INPUT ->
          layer.signature().parameters().stream()
              .anyMatch(
                  parameter ->
                      parameter
                          .input()
                          .filter(
                              input ->
                                  isOneOf(
                                      part, input, parameter.role() instanceof Role.QuantizedGroup))
                          .isPresent());
    };
  }

  /**
   * Returns whether a part is that of an operand.
   *
   * @param numbered whether there are several, of which the later ones have numbers
   */
  private static boolean isOneOf(String part, String name, boolean numbered) {
    return part.equals(name) || (numbered && SiteName.firstCall(part).equals(name));
  }
}
