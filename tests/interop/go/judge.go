// Judges checkpoints, proofs and tiles of a log with golang.org/x/mod/sumdb: note and tlog, as the Go checksum database does.
//
// Reads a JSON list of cases on standard input and answers each with null or what is wrong. Nothing here knows Canonic: the
// checkpoint, tlog-proof, cosignature and tile formats are those of C2SP.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// One case; which fields count depends on the kind.
type Case struct {
	Kind      string   `json:"kind"`
	Keys      []string `json:"keys"`
	Note      []byte   `json:"note"`
	Directory string   `json:"directory"`
	Leaf      []byte   `json:"leaf"`
	Index     int64    `json:"index"`
	Size      int64    `json:"size"`
	Root      []byte   `json:"root"`
	OldSize   int64    `json:"oldSize"`
	OldRoot   []byte   `json:"oldRoot"`
	Proof     [][]byte `json:"proof"`
}

func main() {
	var cases []Case
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answers := make([]*string, len(cases))
	for at, one := range cases {
		if err := judge(one); err != nil {
			message := err.Error()
			answers[at] = &message
		}
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}

func judge(one Case) error {
	switch one.Kind {
	case "checkpoint":
		_, err := openCheckpoint(one.Note, one.Keys)
		return err
	case "inclusion":
		return checkInclusion(one)
	case "consistency":
		return checkConsistency(one)
	case "tlog-proof":
		return checkLogProof(one)
	case "tiles":
		return checkTiles(one)
	}
	return fmt.Errorf("unknown kind %q", one.Kind)
}

// Every key must have signed: a quorum of all.
func openCheckpoint(msg []byte, keys []string) (tlog.Tree, error) {
	var verifiers []note.Verifier
	for _, key := range keys {
		verifier, err := newVerifier(key)
		if err != nil {
			return tlog.Tree{}, err
		}
		verifiers = append(verifiers, verifier)
	}
	opened, err := note.Open(msg, note.VerifierList(verifiers...))
	if err != nil {
		return tlog.Tree{}, err
	}
	if len(opened.Sigs) != len(keys) {
		return tlog.Tree{}, fmt.Errorf("%d of %d keys signed", len(opened.Sigs), len(keys))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] == "" || lines[3] != "" {
		return tlog.Tree{}, errors.New("not three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] || size < 0 {
		return tlog.Tree{}, errors.New("no size")
	}
	root, err := hashOf(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func hashOf(text string) (tlog.Hash, error) {
	var hash tlog.Hash
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(bytes) != len(hash) {
		return hash, errors.New("no hash")
	}
	copy(hash[:], bytes)
	return hash, nil
}

// A verifier of type 0x01 is the library's own; 0x04, a witness, is written here from tlog-cosignature.
func newVerifier(key string) (note.Verifier, error) {
	parts := strings.SplitN(key, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("no verifier key")
	}
	material, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(material) != 33 || material[0] != 4 {
		return note.NewVerifier(key)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), material...))
	id := binary.BigEndian.Uint32(sum[:])
	if fmt.Sprintf("%08x", id) != parts[1] {
		return nil, errors.New("the id is of another key")
	}
	return &witness{parts[0], id, ed25519.PublicKey(material[1:])}, nil
}

type witness struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (w *witness) Name() string    { return w.name }
func (w *witness) KeyHash() uint32 { return w.id }
func (w *witness) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	header := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(w.key, append([]byte(header), msg...), sig[8:])
}

func hashes(list [][]byte) []tlog.Hash {
	found := make([]tlog.Hash, len(list))
	for at, bytes := range list {
		copy(found[at][:], bytes)
	}
	return found
}

func checkInclusion(one Case) error {
	all := hashes([][]byte{one.Root, one.Leaf})
	return tlog.CheckRecord(hashes(one.Proof), one.Size, all[0], one.Index, all[1])
}

func checkConsistency(one Case) error {
	all := hashes([][]byte{one.Root, one.OldRoot})
	return tlog.CheckTree(hashes(one.Proof), one.Size, all[0], one.OldSize, all[1])
}

// Note holds the whole proof here, Leaf the leaf's bytes.
func checkLogProof(one Case) error {
	head, checkpoint, found := bytes.Cut(one.Note, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("not a tlog-proof")
	}
	if strings.HasPrefix(lines[1], "extra ") {
		lines = lines[1:]
	}
	decimal := strings.TrimPrefix(lines[1], "index ")
	index, err := strconv.ParseInt(decimal, 10, 64)
	if err != nil || strconv.FormatInt(index, 10) != decimal {
		return errors.New("no index")
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := hashOf(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	tree, err := openCheckpoint(checkpoint, one.Keys)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(one.Leaf))
}

// The tiles of a folder, with the height left out of their paths as C2SP does.
type folder struct{ directory string }

func (f folder) Height() int                                { return 8 }
func (f folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for at, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		read, err := os.ReadFile(filepath.Join(f.directory, filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		data[at] = read
	}
	return data, nil
}

// Reads a whole log from its files alone: the checkpoint's root from the tiles, every entry's inclusion, and consistency
// from every smaller size that the case's Size steps through.
func checkTiles(one Case) error {
	msg, err := os.ReadFile(filepath.Join(one.Directory, "checkpoint"))
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(msg, one.Keys)
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tree, folder{one.Directory})
	entries, err := readEntries(one.Directory, tree.N)
	if err != nil {
		return err
	}
	if int64(len(entries)) != one.Size || tree.N != one.Size {
		return fmt.Errorf("%d entries under a checkpoint of %d, not %d", len(entries), tree.N, one.Size)
	}
	for index, entry := range entries {
		proof, err := tlog.ProveRecord(tree.N, int64(index), reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, int64(index), tlog.RecordHash(entry)); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
	}
	for size := int64(1); size <= tree.N; size++ {
		root, err := tlog.TreeHash(size, reader)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(tree.N, size, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, size, root); err != nil {
			return fmt.Errorf("size %d: %w", size, err)
		}
	}
	return nil
}

func readEntries(directory string, size int64) ([][]byte, error) {
	var entries [][]byte
	for first := int64(0); first < size; first += 256 {
		width := size - first
		if width > 256 {
			width = 256
		}
		path := tlog.Tile{H: 8, L: 0, N: first / 256, W: int(width)}.Path()
		path = strings.Replace(path, "tile/8/0/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(directory, filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		for len(data) > 0 {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				return nil, errors.New("a torn entry")
			}
			length := int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:2+length])
			data = data[2+length:]
		}
	}
	return entries, nil
}
