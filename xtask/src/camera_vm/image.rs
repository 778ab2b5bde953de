//! The machine's initramfs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::modules;
use crate::steps::{root, run};

/// Starts everything, and switches the machine off again.
const INIT: &str = "#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc none /proc
mount -t sysfs none /sys
mount -t devtmpfs none /dev
mkdir -p /tmp
for module in $(cat /modules/order); do
    case $module in
        vivid.ko) insmod /modules/$module n_devs=1 node_types=0x1 num_inputs=1 input_types=0 ;;
        v4l2loopback.ko) insmod /modules/$module devices=1 exclusive_caps=0 max_buffers=8 card_label=Fed ;;
        *) insmod /modules/$module ;;
    esac || echo \"$module was not loaded\"
done
echo \"Linux $(uname -r), $(ls /dev/video* | wc -l) video devices\"
RUST_BACKTRACE=1 /bin/camera-vm judge

grep -q kadian.window /proc/cmdline || poweroff -f
# The root of the machine outside, as it is; whatever is written stays in memory.
ifconfig lo up
mkdir -p /host /written /root
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=loose,ro host /host
mount -t tmpfs tmpfs /written
mkdir /written/files /written/work
mount -t overlay -o lowerdir=/host,upperdir=/written/files,workdir=/written/work overlay /root
for place in proc sys dev; do mount -o move /$place /root/$place; done
mkdir -p /root/dev/pts /root/dev/shm
mount -t devpts devpts /root/dev/pts
mount -t tmpfs tmpfs /root/dev/shm
mount -t tmpfs tmpfs /root/run
program=$(cat /modules/program)
export PATH=/usr/local/bin:/usr/bin:/bin HOME=/root RUST_BACKTRACE=1
/bin/busybox chroot /root \"$program\" window
for picture in /root/tmp/kadian-window-*.png; do
    [ -f $picture ] && /bin/busybox base64 -w 0 $picture | /bin/busybox sed 's/^/picture: /' && echo
done
poweroff -f
";

/// Packs the programs, what they are linked with, the drivers and the frames.
pub(super) fn make(folder: &Path, kernel: &Path, loopback: &Path) -> Result<PathBuf, String> {
    let tree = folder.join("initramfs");
    let _ = fs::remove_dir_all(&tree);
    for name in ["bin", "dev", "proc", "sys", "modules", "frames", "tmp"] {
        fs::create_dir_all(tree.join(name)).map_err(|error| format!("{name}: {error}"))?;
    }
    copy(Path::new("/bin/busybox"), &tree.join("bin/busybox"))?;
    for name in ["kadian", "camera-vm"] {
        let program = root().join("target/debug").join(name);
        for library in libraries(&program)? {
            copy(&library, &tree.join(library.strip_prefix("/").unwrap_or(&library)))?;
        }
        let to = tree.join("bin").join(name);
        copy(&program, &to)?;
        run(&format!("{name} without its symbols"), Command::new("strip").arg("--strip-debug").arg(to))?;
    }
    let wanted = ["evdev", "uinput", "vivid", "virtio_pci", "9p", "9pnet_virtio", "overlay"];
    let wanted = wanted.map(|name| modules::find(kernel, name));
    let wanted: Vec<PathBuf> =
        wanted.into_iter().chain([Ok(loopback.to_owned())]).collect::<Result<_, _>>()?;
    let mut order = String::new();
    for module in modules::in_order(kernel, &wanted)? {
        let name = module.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        copy(&module, &tree.join("modules").join(&name))?;
        order += &format!("{name}\n");
    }
    write(&tree.join("modules/order"), &order)?;
    write(&tree.join("modules/program"), &root().join("target/debug/camera-vm").display().to_string())?;
    write(&tree.join("init"), INIT)?;
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(tree.join("init"), executable).map_err(|error| format!("init: {error}"))?;
    let mut frames = Command::new(root().join("target/debug/camera-vm"));
    run("frames to be fed", frames.arg("frames").arg(tree.join("frames")))?;
    pack(&tree, &folder.join("initramfs.cpio"))
}

fn pack(tree: &Path, archive: &Path) -> Result<PathBuf, String> {
    println!("── initramfs");
    let file = fs::File::create(archive).map_err(|error| format!("{}: {error}", archive.display()))?;
    let packed = Command::new("sh")
        .args(["-c", "busybox find . | busybox cpio -o -H newc -R 0:0"])
        .current_dir(tree)
        .stdin(Stdio::null())
        .stdout(file)
        .status();
    match packed {
        Ok(status) if status.success() => Ok(archive.to_owned()),
        _ => Err("the initramfs could not be packed".to_owned()),
    }
}

/// Returns the libraries that a program is linked with, and its loader.
fn libraries(program: &Path) -> Result<Vec<PathBuf>, String> {
    let output = Command::new("ldd").arg(program).output().map_err(|error| format!("ldd: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let paths = text.split_whitespace().filter(|word| word.starts_with('/'));
    Ok(paths.map(PathBuf::from).collect())
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let wrong = |error| format!("{}: {error}", from.display());
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(wrong)?;
    }
    fs::copy(from, to).map(|_| ()).map_err(wrong)
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
