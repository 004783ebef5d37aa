package org.slimquant.examples.measures;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slimquant.runtime.Format;

/**
 * The figures of a run, for programs to read.
 *
 * @param floatAccuracy the share of the test part that the float model gets right, 0 to 1
 * @param quantizedAccuracy the same of the quantized model
 * @param floatStepMillis the median time of a training step of the float model
 * @param quantizedStepMillis the same of the quantized model
 * @param sites the quantized tensors
 * @param savedModelIdentical whether the saved model, loaded again, computes the same logits, bit
 *     for bit
 */
public record Summary(
    double floatAccuracy,
    double quantizedAccuracy,
    double floatStepMillis,
    double quantizedStepMillis,
    List<Site> sites,
    boolean savedModelIdentical) {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /**
   * A quantized tensor.
   *
   * @param name the name of its fake quant
   * @param bits the width of a code
   * @param frac the exponent of the step; null if channels have different ones
   * @param fracs the exponents of the channels' steps; null if there is one for all
   * @param signed whether codes are symmetric about 0
   * @param min the smallest element before it is quantized
   * @param max the largest element before it is quantized
   * @param clippedShare the share of the elements that the format cannot hold, 0 to 1
   */
  public record Site(
      String name,
      int bits,
      @Nullable Integer frac,
      @Nullable List<Integer> fracs,
      boolean signed,
      float min,
      float max,
      double clippedShare) {

    /** Returns what is summed up of a measured tensor. */
    public static Site of(SiteMeasure measure) {
      Format format = measure.site().format();
      boolean one = format.fracs().size() == 1;
      return new Site(
          measure.site().name(),
          format.bits(),
          one ? format.fracs().get(0) : null,
          one ? null : format.fracs(),
          format.signed(),
          measure.min(),
          measure.max(),
          measure.clippedShare());
    }
  }

  /** Creates a summary. */
  public Summary {
    sites = List.copyOf(sites);
  }

  /** Writes the summary as JSON: whoever reads the file meets a whole one, the old or the new. */
  public void write(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path unfinished = Files.createTempFile(directory, "summary", ".json");
    Files.writeString(unfinished, GSON.toJson(this) + "\n");
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
