package org.slimquant.examples.measures;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file of figures for programs to read. */
final class JsonFile {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().serializeNulls().create();

  private JsonFile() {}

  /** Writes a record: whoever reads the file meets a whole one, the old or the new. */
  static void write(Path file, Record figures) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path unfinished = Files.createTempFile(directory, "summary", ".json");
    Files.writeString(unfinished, GSON.toJson(figures) + "\n");
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
