// CanvasKit: Skia, the graphics library, in C++, drawing by the processor.
// npm: canvaskit-wasm@0.42.0
import { checksum, folder } from "./host.mjs";

const { default: CanvasKitInit } = await import("canvaskit-wasm");
const CanvasKit = await CanvasKitInit({ locateFile: (name) => folder("canvaskit-wasm/bin/canvaskit.wasm") + name });
const surface = CanvasKit.MakeSurface(200, 120);
const canvas = surface.getCanvas();
canvas.clear(CanvasKit.WHITE);
const paint = new CanvasKit.Paint();
paint.setAntiAlias(true);
paint.setShader(CanvasKit.Shader.MakeLinearGradient([0, 0], [200, 0], [CanvasKit.RED, CanvasKit.BLUE], null, CanvasKit.TileMode.Clamp));
const path = CanvasKit.Path.MakeFromSVGString("M 20 20 C 60 120 120 -20 180 100 L 20 100 Z");
canvas.drawPath(path, paint);
canvas.drawCircle(100, 60, 25, paint);
console.log(path.toSVGString().length, [...path.getBounds()].map((x) => x.toFixed(2)).join());
const image = surface.makeImageSnapshot();
const pixels = image.readPixels(0, 0, { width: 200, height: 120, colorType: CanvasKit.ColorType.RGBA_8888,
  alphaType: CanvasKit.AlphaType.Unpremul, colorSpace: CanvasKit.ColorSpace.SRGB });
console.log(image.width(), image.height(), pixels.length, checksum(pixels), checksum(image.encodeToBytes()));
