package org.slimquant.demo.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * Fashion-MNIST: images of 28x28, each of one of ten kinds of clothing (H. Xiao, K. Rasul, R.
 * Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms",
 * 2017), read from a folder with its four original files.
 *
 * <p>A pixel, 0 to 255, is scaled to 0..1 by 1/256: the pixel is the code of an unsigned 8-bit
 * format.
 *
 * @param training 60,000 images
 * @param test 10,000 images
 */
public record FashionMnistFolder(LabelledImages training, LabelledImages test) {

  private static final String REMEDY =
      "put the four original .gz files of Fashion-MNIST there; Debian's package"
          + " dataset-fashion-mnist has them in /usr/share/datasets/fashion-mnist";

  private static final int SIDE = 28;
  private static final float LEVELS = 256;
  private static final int CLASSES = 10;

  /**
   * Reads the folder.
   *
   * @throws DamagedFileException if a file is missing or damaged; the message has the remedy
   */
  public static FashionMnistFolder load(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new DamagedFileException(
          "the data set must be in a folder, but there is no folder %s; %s"
              .formatted(folder, REMEDY));
    }
    return new FashionMnistFolder(part(folder, "train"), part(folder, "t10k"));
  }

  private static LabelledImages part(Path folder, String prefix) throws IOException {
    Path imageFile = folder.resolve(prefix + "-images-idx3-ubyte.gz");
    Path labelFile = folder.resolve(prefix + "-labels-idx1-ubyte.gz");
    IdxFile images = IdxFile.read(imageFile, REMEDY, SIDE, SIDE);
    IdxFile labels = IdxFile.read(labelFile, REMEDY);
    if (images.count() != labels.count()) {
      throw new DamagedFileException(
          "%s must have a label for each image, but has %d for the %d of %s; %s"
              .formatted(labelFile, labels.count(), images.count(), imageFile, REMEDY));
    }
    int[] classes = IntStream.range(0, labels.size()).map(labels::get).toArray();
    int highest = IntStream.of(classes).max().orElse(0);
    if (highest >= CLASSES) {
      throw new DamagedFileException(
          "%s must hold labels from 0 to %d, but holds %d; %s"
              .formatted(labelFile, CLASSES - 1, highest, REMEDY));
    }
    float[] pixels = new float[images.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = images.get(i) / LEVELS;
    }
    return new LabelledImages(SIDE, pixels, classes);
  }
}
