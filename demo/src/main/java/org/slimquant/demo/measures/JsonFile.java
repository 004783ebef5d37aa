package org.slimquant.demo.measures;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonSerializationContext;
import com.google.gson.JsonSerializer;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slimquant.io.AtomicFile;

/** A file of figures for programs to read. */
final class JsonFile {

  private static final Gson PLAIN = new GsonBuilder().serializeNulls().create();
  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .serializeNulls()
          .registerTypeAdapter(Summary.class, (JsonSerializer<Summary>) JsonFile::flat)
          .create();

  private JsonFile() {}

  /** Writes a record. A reader of the file sees either the old file or the new file as a whole. */
  static void write(Path file, Record figures) throws IOException {
    AtomicFile.write(file, (GSON.toJson(figures) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a summary with the figures of the integers beside the others. */
  private static JsonElement flat(Summary summary, Type type, JsonSerializationContext context) {
    JsonObject figures = PLAIN.toJsonTree(summary).getAsJsonObject();
    JsonObject integers = figures.remove("integers").getAsJsonObject();
    integers.entrySet().forEach(figure -> figures.add(figure.getKey(), figure.getValue()));
    return figures;
  }
}
