package org.slimquant.demo.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * The handwritten digits that come with the examples: 1,797 images of 8x8, from the data set
 * <em>Optical Recognition of Handwritten Digits</em> (E. Alpaydin and C. Kaynak, UCI Machine
 * Learning Repository, 1998, CC BY 4.0).
 *
 * <p>A pixel counts the ink in a 4x4 block of the scanned image, 0 to 16; here it is scaled to 0..1
 * and thus a multiple of 1/16.
 *
 * <p>The split is always the same. The images of each class, in the order of the file, are shuffled
 * by {@code Collections.shuffle} with {@code new Random(class)}. The first quarter, rounded down,
 * is for testing and the rest for training. Each part keeps the file's order.
 *
 * @param training 1,352 images
 * @param test 445 images
 */
public record Digits(LabelledImages training, LabelledImages test) {

  private static final String RESOURCE = "digits.csv.gz";
  private static final int CLASSES = 10;
  private static final int SIDE = 8;
  private static final float MAX_PIXEL = 16;

  /** Reads the images and splits them. */
  public static Digits load() {
    LabelledImages all = read();
    boolean[] isTest = new boolean[all.size()];
    for (int label = 0; label < CLASSES; label++) {
      List<Integer> places = placesOf(label, all);
      Collections.shuffle(places, new Random(label));
      places.subList(0, places.size() / 4).forEach(place -> isTest[place] = true);
    }
    return new Digits(
        all.select(IntStream.range(0, all.size()).filter(i -> !isTest[i]).toArray()),
        all.select(IntStream.range(0, all.size()).filter(i -> isTest[i]).toArray()));
  }

  private static List<Integer> placesOf(int label, LabelledImages images) {
    return IntStream.range(0, images.size())
        .filter(i -> images.label(i) == label)
        .boxed()
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** Reads the file. Each line has the 64 pixels of an image, then its class. */
  private static LabelledImages read() {
    InputStream resource =
        Objects.requireNonNull(Digits.class.getResourceAsStream(RESOURCE), RESOURCE);
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.US_ASCII))) {
      List<int[]> rows =
          reader
              .lines()
              .map(line -> Arrays.stream(line.split(",")).mapToInt(Integer::parseInt).toArray())
              .toList();
      float[] pixels = new float[rows.size() * SIDE * SIDE];
      int next = 0;
      for (int[] row : rows) {
        for (int i = 0; i < SIDE * SIDE; i++) {
          pixels[next++] = row[i] / MAX_PIXEL;
        }
      }
      return new LabelledImages(
          SIDE, pixels, rows.stream().mapToInt(row -> row[SIDE * SIDE]).toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
