package org.slimquant.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slimquant.format.FixedPoint;
import org.slimquant.format.Format;
import org.slimquant.io.ProtobufVersion;
import org.slimquant.io.TextTable;

/**
 * The quantized tensors of a graph, in the order in which they were quantized.
 *
 * @param sites one record for every fake quant
 * @param remarks notes for a reader of the plan
 */
public record QuantizationPlan(List<Site> sites, List<Remark> remarks) {

  /** The plan of a graph in which nothing is quantized. */
  public static final QuantizationPlan EMPTY = new QuantizationPlan(List.of(), List.of());

  /** The role of a quantized tensor in the layer that had it quantized. */
  public enum Kind {
    /** The weights of the layer's kernel op. */
    KERNEL,
    /** The tensor that the layer adds to the result of its kernel op. */
    BIAS,
    /** The tensor that the layer method returns. */
    OUTPUT,
    /** The tensor that flows into an annotated parameter. */
    INPUT,
    /** The sum before the layer's activation, if the activation is more than a clamp. */
    SUM
  }

  /**
   * A quantized tensor.
   *
   * @param name the name of the fake quant, under which a session fetches the quantized values:
   *     {@code conv1/SlimQuant/output}
   * @param kind the tensor's role in its layer
   * @param tensor the name of the tensor before it is quantized: {@code Relu:0}
   * @param format the format it is quantized to
   * @param source where the format comes from
   * @param measure what calibration measured of the tensor, if it did
   * @param origin the tensor's origin in the network that was calibrated, if it is known
   */
  public record Site(
      String name,
      Kind kind,
      String tensor,
      Format format,
      Source source,
      Optional<TensorStatistics> measure,
      Optional<Origin> origin) {

    /** Creates a site of which the origin is not known. */
    public Site(
        String name,
        Kind kind,
        String tensor,
        Format format,
        Source source,
        Optional<TensorStatistics> measure) {
      this(name, kind, tensor, format, source, measure, Optional.empty());
    }

    /** Returns this site for a tensor of another name that has the same value. */
    public Site withTensor(String same) {
      return new Site(name, kind, same, format, source, measure, origin);
    }
  }

  /**
   * A note on a site for a reader of the plan: why a bias is not quantized, for example.
   *
   * @param site the name of the site, which may not be among the plan's
   * @param text the note
   */
  public record Remark(String site, String text) {}

  /** Creates a plan. */
  public QuantizationPlan {
    sites = List.copyOf(sites);
    remarks = List.copyOf(remarks);
  }

  /**
   * Returns the plan in a file.
   *
   * @throws PlanFormatException if it is no plan, a damaged one, or a newer one than this version
   *     reads; the message has file, line and site
   * @throws IllegalStateException if protobuf-java is older than 3.25: see {@link ProtobufVersion}
   * @throws IOException if the file cannot be read
   */
  public static QuantizationPlan read(Path file) throws IOException {
    ProtobufVersion.require();
    return PlanReader.read(file);
  }

  /**
   * Writes the plan to a file in protobuf's text format: one record for each site, the same bytes
   * for the same plan. An existing file is replaced at once; if that fails, it stays as it is. A
   * missing folder is created.
   *
   * @throws IllegalArgumentException if {@link #read} would not take the plan: a site is in it
   *     twice, for example
   * @throws IllegalStateException if protobuf-java is older than 3.25: see {@link ProtobufVersion}
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    ProtobufVersion.require();
    PlanWriter.write(this, file);
  }

  /**
   * Returns a name for the plan's sites: 16 hexadecimal digits, from their names, kinds and
   * formats. Plans that differ in these have, in all likelihood, two fingerprints. The formats of
   * biases, which follow from others, the order of sites, measurements and remarks do not count.
   */
  public String fingerprint() {
    return PlanFingerprint.of(this);
  }

  /** Returns what changes from this plan to another. */
  public PlanDiff diff(QuantizationPlan other) {
    return PlanDiff.of(this, other);
  }

  /**
   * Returns the sites of this plan that another, the plan of a graph that was built with it, does
   * not have: their layers were renamed since, or not built.
   */
  public List<Site> unusedBy(QuantizationPlan built) {
    Set<String> used = built.sites().stream().map(Site::name).collect(Collectors.toSet());
    return sites.stream().filter(site -> !used.contains(site.name())).toList();
  }

  /** Returns the remarks on those of some sites that have the formats of this plan. */
  public List<Remark> remarksOn(List<Site> some) {
    Map<String, Format> formats = new HashMap<>();
    sites.forEach(site -> formats.put(site.name(), site.format()));
    Set<String> same =
        some.stream()
            .filter(site -> site.format().equals(formats.get(site.name())))
            .map(Site::name)
            .collect(Collectors.toSet());
    return remarks.stream().filter(remark -> same.contains(remark.site())).toList();
  }

  /** Returns the plan as a table with a row for each site, and below it the remarks. */
  @Override
  public String toString() {
    String table =
        TextTable.of(
            Stream.concat(
                    Stream.of(List.of("site", "kind", "tensor", "format", "range", "source")),
                    sites.stream().map(QuantizationPlan::row))
                .toList());
    return remarks.isEmpty()
        ? table
        : remarks.stream()
            .map(remark -> "%s: %s".formatted(remark.site(), remark.text()))
            .collect(Collectors.joining("\n", table + "\n\n", ""));
  }

  private static List<String> row(Site site) {
    return List.of(
        site.name(),
        site.kind().name().toLowerCase(Locale.ROOT),
        site.tensor(),
        site.format().toString(),
        site.format() instanceof FixedPoint format
            ? "%s .. %s".formatted(format.min(), format.max())
            : "",
        site.source().toString());
  }
}
