"""Layers of every kind of output: the notes', a misfit, rectangles, the largest, the least."""

NOTES = "--input 227x227x3 --filter 11 --stride 4 --filters 96"


CASES = {
    "notes": NOTES,
    "misfit": "--input 224x224x3 --filter 11 --stride 4 --filters 96",
    "vgg": "--input 224x224x64 --filter 3 --pad 1 --filters 64 --dtype float16",
    "rectangles": "--input 32x20x6 --filter 5x3 --stride 3x1 --pad 2x0 --filters 4 --groups 2",
    "same": "--input 28x14x6 --filter 5x3 --stride 2x1 --pad same --dilation 2 --filters 4",
    "depthwise": "--input 112x112x64 --filter 3 --pad 1 --filters 64 --groups 64 --no-bias",
    "thirty_digits": f"--input {10**30}x{10**30}x3 --filter 11 --stride 4 --filters 96",
    "series": "--input 61x3 --filter 40 --stride 3 --filters 7",
    "one": "--input 1x1x1 --filter 1 --filters 1 --no-bias",
}
